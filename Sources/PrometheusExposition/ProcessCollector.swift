/// The standard `process_*` metrics, read from the system at every scrape.
///
/// Names and meaning are those of the client libraries (prometheus.io/docs/instrumenting/writing_clientlibs). Values
/// that cannot be read, on other systems most of them, are absent.
package struct ProcessCollector: MetricCollector {
    private static let cpuSeconds = MetricFamily(
        "process_cpu_seconds_total",
        .counter,
        unit: "seconds",
        help: "Total user and system CPU time spent in seconds."
    )
    private static let openFDs = MetricFamily(
        "process_open_fds",
        .gauge,
        help: "Number of open file descriptors."
    )
    private static let maxFDs = MetricFamily(
        "process_max_fds",
        .gauge,
        help: "Maximum number of open file descriptors."
    )
    private static let virtualMemory = MetricFamily(
        "process_virtual_memory_bytes",
        .gauge,
        unit: "bytes",
        help: "Virtual memory size in bytes."
    )
    private static let virtualMemoryMax = MetricFamily(
        "process_virtual_memory_max_bytes",
        .gauge,
        unit: "bytes",
        help: "Maximum amount of virtual memory available in bytes."
    )
    private static let residentMemory = MetricFamily(
        "process_resident_memory_bytes",
        .gauge,
        unit: "bytes",
        help: "Resident memory size in bytes."
    )
    private static let startTime = MetricFamily(
        "process_start_time_seconds",
        .gauge,
        unit: "seconds",
        help: "Start time of the process since unix epoch in seconds."
    )
    private static let networkReceive = MetricFamily(
        "process_network_receive_bytes_total",
        .counter,
        unit: "bytes",
        help: "Number of bytes received over the network by the process' network namespace."
    )
    private static let networkTransmit = MetricFamily(
        "process_network_transmit_bytes_total",
        .counter,
        unit: "bytes",
        help: "Number of bytes sent over the network by the process' network namespace."
    )
    private static let threads = MetricFamily(
        "process_threads",
        .gauge,
        help: "Number of OS threads in the process."
    )

    /// The families that this collector writes, for the catalogue.
    package static let families = [
        cpuSeconds, openFDs, maxFDs, virtualMemory, virtualMemoryMax, residentMemory, startTime, networkReceive,
        networkTransmit, threads,
    ]

    private let files: ProcessFiles

    /// A collector for the running process.
    package init() {
        files = ProcessFiles(root: "/proc")
    }

    init(files: ProcessFiles) {
        self.files = files
    }

    /// Writes the values that can be read.
    package func collect(into writer: inout MetricsWriter) {
        let memory = files.memory()
        let network = files.network()
        writer.write(ProcessUsage.cpuSeconds(), Self.cpuSeconds)
        writer.write(files.openDescriptors(), Self.openFDs)
        writer.write(ProcessUsage.openFilesLimit(), Self.maxFDs)
        writer.write(memory?.virtualBytes, Self.virtualMemory)
        writer.write(ProcessUsage.addressSpaceLimit(), Self.virtualMemoryMax)
        writer.write(memory?.residentBytes, Self.residentMemory)
        writer.write(files.startTime, Self.startTime)
        writer.write(network?.received, Self.networkReceive)
        writer.write(network?.transmitted, Self.networkTransmit)
        writer.write(files.threads(), Self.threads)
    }
}

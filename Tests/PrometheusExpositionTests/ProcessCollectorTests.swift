import Foundation
import Testing

@testable import PrometheusExposition

@Suite struct ProcessCollectorTests {
    private func values(_ collector: ProcessCollector) throws -> [String: Double] {
        let registry = try MetricsRegistry(families: ProcessCollector.families, collectors: [collector])
        let samples = String(decoding: try registry.render(.text), as: UTF8.self)
            .split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: samples.map { (String($0[0]), Double($0[1]) ?? .nan) })
    }

    /// A directory with these files, for the time of the closure.
    private func withFiles<Result>(_ files: [String: String], _ body: (ProcessFiles) throws -> Result) throws -> Result
    {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        return try body(ProcessFiles(root: root.path))
    }

    #if os(Linux)
        @Test("the running process has all values that Linux knows, and they are plausible")
        func runningProcess() throws {
            let values = try self.values(ProcessCollector())
            #expect(try #require(values["process_open_fds"]) >= 3)
            #expect(try #require(values["process_max_fds"]) >= #require(values["process_open_fds"]))
            #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
            #expect(
                try #require(values["process_virtual_memory_bytes"])
                    >= #require(values["process_resident_memory_bytes"])
            )
            #expect(try #require(values["process_threads"]) >= 1)
            #expect(try #require(values["process_cpu_seconds_total"]) >= 0)
            let age = Date().timeIntervalSince1970 - (try #require(values["process_start_time_seconds"]))
            #expect((-2...86_400).contains(age))
        }

        @Test("an opened file is counted")
        func openDescriptors() throws {
            let files = ProcessFiles(root: "/proc")
            let before = try #require(files.openDescriptors())
            let handles = try (0..<50).map { _ in
                try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/stat"))
            }
            #expect(try #require(files.openDescriptors()) > before + 25)
            for handle in handles { try handle.close() }
        }
    #endif

    @Test("fields are found whatever the program is called")
    func fields() throws {
        let values = try withFiles([
            "stat": "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n",
            "self/stat":
                "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 7 0 1000 2000000 300 18446744073709551615",
            "self/limits": """
            Limit                     Soft Limit           Hard Limit           Units
            Max address space         unlimited            unlimited            bytes
            Max open files            1024                 524288               files
            """,
            "self/net/netstat": """
            TcpExt: SyncookiesSent SyncookiesRecv
            TcpExt: 1 2
            IpExt: InNoRoutes InOctets OutOctets
            IpExt: 0 12345 678
            """,
        ]) { try self.values(ProcessCollector(files: $0)) }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        #expect(
            values == [
                "process_cpu_seconds_total": 200 / ticks,
                "process_max_fds": 1024,
                "process_virtual_memory_bytes": 2_000_000,
                "process_resident_memory_bytes": 300 * Double(sysconf(Int32(_SC_PAGESIZE))),
                "process_start_time_seconds": 1_700_000_000 + 1000 / ticks,
                "process_network_receive_bytes_total": 12345,
                "process_network_transmit_bytes_total": 678,
                "process_threads": 7,
            ]
        )
    }

    @Test("what cannot be read is absent")
    func unreadable() throws {
        let values = try withFiles([
            "self/stat": "42 (torn) S 1 2", "self/limits": "", "self/net/netstat": "IpExt: InOctets",
        ]) { try self.values(ProcessCollector(files: $0)) }
        #expect(values.isEmpty)
    }
}

import PrometheusExposition

/// Writes what is known about the exporter itself; the last collector, because it counts the series of all others.
struct ExporterCollector: MetricCollector {
    let seriesLimit: Int
    let configurationLoaded: Double
    let barCloseDuration: Histogram
    let testsDuration: Histogram

    private static let buildLabels: LabelSet = [
        "version": BuildInformation.version, "revision": BuildInformation.revision,
        "swift_version": BuildInformation.swiftVersion, "os": BuildInformation.operatingSystem,
        "arch": BuildInformation.architecture,
    ]

    func collect(into writer: inout MetricsWriter) {
        writer.write(1, ExporterMetrics.buildInfo, labels: Self.buildLabels)
        writer.write(1, ExporterMetrics.reloadSuccessful)
        writer.write(configurationLoaded, ExporterMetrics.reloadTimestamp)
        barCloseDuration.collect(into: &writer)
        testsDuration.collect(into: &writer)
        writer.write(Double(seriesLimit), ExporterMetrics.seriesLimit)
        // The series that is being written counts too.
        writer.write(Double(writer.seriesCount + 1), ExporterMetrics.series)
    }
}

import PrometheusExposition

/// Writes the metrics about the exporter itself; it is the last collector, because it counts the series of all others.
struct ExporterCollector: MetricCollector {
    let seriesLimit: Int
    let metrics: ProgramMetrics
    let latestSnapshot: LatestSnapshot

    private static let buildLabels: LabelSet = [
        "version": BuildInformation.version, "revision": BuildInformation.revision,
        "swift_version": BuildInformation.swiftVersion, "os": BuildInformation.operatingSystem,
        "arch": BuildInformation.architecture,
    ]

    func collect(into writer: inout MetricsWriter) {
        writer.write(1, ExporterMetrics.buildInfo, labels: Self.buildLabels)
        writer.write(metrics.reloads.isSuccessful ? 1 : 0, ExporterMetrics.reloadSuccessful)
        writer.write(metrics.reloads.lastSuccess, ExporterMetrics.reloadTimestamp)
        metrics.barCloseDuration.collect(into: &writer)
        metrics.testsDuration.collect(into: &writer)
        let delay = latestSnapshot.value.oldestWaitingTest.map { ContinuousClock().now - $0 }
        writer.write(delay.map { $0 / .seconds(1) } ?? 0, ExporterMetrics.testsDelay)
        metrics.clockSteps.collect(into: &writer)
        writer.write(Double(LogWriter.standardError.dropped), ExporterMetrics.logLinesDropped)
        writer.write(Double(seriesLimit), ExporterMetrics.seriesLimit)
        // The series that is being written counts too.
        writer.write(Double(writer.seriesCount + 1), ExporterMetrics.series)
    }
}

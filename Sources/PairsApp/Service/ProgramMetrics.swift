import ExporterHTTP
import PrometheusExposition

/// The program's counters about itself, which are kept over every reload.
struct ProgramMetrics: Sendable {
    let barCloseDuration = Histogram(ExporterMetrics.barCloseDuration, bounds: ExporterMetrics.durationBounds)
    let testsDuration = Histogram(ExporterMetrics.testsDuration, bounds: ExporterMetrics.durationBounds)
    let commitDuration = Histogram(StoreMetrics.commitDuration, bounds: StoreMetrics.commitBounds)
    let readFailures = Counter(StoreMetrics.readFailures)
    let damagedRows = Counter(StoreMetrics.damagedRows)
    let fileReplacements = Counter(StoreMetrics.fileReplacements)
    let clockSteps = Counter(ExporterMetrics.clockSteps)
    let scrapes = ScrapeMetrics()
    let reloads: ReloadStatus
}

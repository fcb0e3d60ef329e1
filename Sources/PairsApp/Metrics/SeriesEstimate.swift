import ExporterHTTP
import PairsMetrics
import PrometheusExposition

/// The greatest number of series of a configuration, which is compared with `series_limit`.
struct SeriesEstimate {
    /// All series.
    let total: Int

    init(_ configuration: Configuration) {
        let pairs = configuration.pairs.reduce(0) { $0 + $1.metricDescription.seriesCount }
        let instruments = configuration.feeds.reduce(0) { $0 + configuration.instruments(of: $1.venue).count }
        let timeframes = configuration.timeframes.count
        total =
            pairs + instruments * Self.count(InstrumentMetrics.families, timeframes)
            + configuration.feeds.count * Self.count(FeedMetrics.families, timeframes)
            + Self.count(
                StoreMetrics.families + ExporterMetrics.families + ScrapeMetrics.families + ProcessCollector.families,
                timeframes
            )
    }

    private static func count(_ families: [MetricFamily], _ timeframes: Int) -> Int {
        families.reduce(0) { sum, family in
            sum + family.seriesCount * (family.labelNames.contains("timeframe") ? timeframes : 1)
        }
    }
}

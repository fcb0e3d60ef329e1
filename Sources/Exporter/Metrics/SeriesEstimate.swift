import MarketData
import PairEngine
import PrometheusExposition
import TradeFeeds

/// The greatest number of series of a configuration, which is compared with `series_limit`.
struct SeriesEstimate {
    /// All series.
    let total: Int

    init(_ configuration: Configuration) {
        let pairs = configuration.pairs.reduce(0) { $0 + Self.series(of: $1) }
        let instruments = configuration.feeds.reduce(0) { $0 + configuration.instruments(of: $1.venue).count }
        let perInstrument =
            InstrumentMetrics.families.count - 2 + DiscardReason.allCases.count
            + configuration.timeframes.count * BarState.allCases.count
        let perFeed =
            FeedMetrics.families.count - 6 + FeedState.allCases.count + DisconnectReason.allCases.count
            + DecodeFailure.allCases.count + RequestOutcome.allCases.count
            + Self.series(of: FeedMetrics.delayBounds) + Self.series(of: FeedMetrics.processingBounds)
        let perProgram =
            StoreMetrics.families.count + Self.series(of: StoreMetrics.commitBounds) + ExporterMetrics.families.count
            + 2 * Self.series(of: ExporterMetrics.durationBounds) + Self.processSeries
        total = pairs + instruments * perInstrument + configuration.feeds.count * perFeed + perProgram
    }

    /// The `process_*` and `promhttp_*` families.
    private static let processSeries = 16

    private static func series(of pair: PairConfiguration) -> Int {
        let isFull = pair.settings.export == .full
        let families = PairMetrics.readings.count { isFull || $0.isCore }
        let extras = isFull ? 6 + CriticalValueLevels.all.count + pair.settings.tests.hedgeRatios.count : 0
        let perReading = families + extras + 3 * Signal.allCases.count + UndefinedStatistics.names.count
        return 4 + pair.settings.namedThresholds.count + pair.settings.timeframes.count * pair.settings.windows.count
            * perReading
    }

    private static func series(of bounds: HistogramBounds) -> Int {
        bounds.upperBounds.count + 3
    }
}

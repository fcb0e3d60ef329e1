import ExporterHTTP
import MarketData
import PairEngine
import PairsMetrics
import PrometheusExposition
import TradeStore

/// The data of requests: the configuration in force, the latest readings, the store, and the metrics of these.
struct ServingContext: Sendable {
    let configuration: Configuration
    let streams: StreamTable
    /// The instruments of each feed, in the order of the configuration's feeds.
    let instruments: [[InstrumentID]]
    let staleness: StalenessRule
    let latestSnapshot: LatestSnapshot
    let history: HistoryProgress
    let store: any TradeStore
    /// Writes the pairs of the configuration.
    let pairs: PairCollector
    /// All metrics.
    let registry: MetricsRegistry

    /// The rows of the landing page.
    var table: LandingPage.Table {
        PairTable(pairs: configuration.pairs, staleness: staleness, latestSnapshot: latestSnapshot).table
    }

    /// The answer of `/-/ready`.
    var readiness: Readiness {
        ReadinessCheck(configuration: configuration, streams: streams, history: history, latestSnapshot: latestSnapshot)
            .readiness
    }

    /// The answer of `/-/flowing`.
    var flow: Readiness {
        FlowCheck(
            instruments: instruments,
            streams: streams,
            minimumRatio: configuration.minimumFlowingRatio,
            latestSnapshot: latestSnapshot
        ).flow
    }
}

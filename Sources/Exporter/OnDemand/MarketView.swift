import ExporterHTTP
import MarketData
import PairEngine
import PrometheusExposition
import TradeStore

/// What requests may look at: the configuration in force, the latest readings, the store, and the metrics of all that.
struct MarketView: Sendable {
    let configuration: Configuration
    let streams: StreamTable
    let staleness: StalenessRule
    let board: SnapshotBoard
    let store: any TradeStore
    /// Writes the pairs of the configuration.
    let pairs: PairCollector
    /// All metrics.
    let registry: MetricsRegistry

    /// The rows of the landing page.
    var table: LandingPage.Table {
        PairTable(pairs: configuration.pairs, staleness: staleness, board: board).table
    }

    /// What `/-/ready` says.
    var readiness: Readiness {
        ReadinessCheck(venues: configuration.feeds.map(\.venue.rawValue), staleness: staleness, board: board).readiness
    }
}

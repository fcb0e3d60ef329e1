import ExporterHTTP
import MarketData
import PairEngine
import PrometheusExposition
import TradeStore

/// What requests may look at: the configuration in force, the latest readings, and the store.
struct MarketView: Sendable {
    let configuration: Configuration
    let streams: StreamTable
    let staleness: StalenessRule
    let board: SnapshotBoard
    let store: any TradeStore
    /// Writes the pairs of the configuration.
    let pairs: PairCollector
}

package import MarketData
package import PairEngine
import PairStatistics

/// What can be set for all pairs and overridden for one.
package struct PairSettings: Sendable {
    /// How much of a pair is exported.
    package enum Export: String, Sendable, CaseIterable {
        /// Every family of the metric contract.
        case full
        /// The families that alerts need.
        case core
    }

    /// Bar lengths, ascending.
    package internal(set) var timeframes: [Timeframe] = ["1m", "5m"].compactMap(Timeframe.init)
    /// Window lengths in bars, ascending.
    package internal(set) var windows = [240, 1000]
    /// Logarithms or prices.
    package internal(set) var price = PriceScale.log
    /// The periodic tests and the further hedge ratio estimators.
    package internal(set) var tests = TestSettings()
    /// When signals begin and end.
    package internal(set) var signals = SignalThresholds()
    /// Which readings may alert.
    package internal(set) var alerts = AlertSettings()
    /// How much is exported.
    package internal(set) var export = Export.full

    static let keys = ["timeframes", "windows", "price", "hedge_ratios", "tests", "signals", "alerts"]

    /// The bar lengths whose readings may alert.
    var alertingTimeframes: [Timeframe] { timeframes.filter(alerts.timeframes.contains) }

    /// The thresholds by the names that are values of the label `threshold`.
    package var namedThresholds: [(name: String, value: Double)] {
        SignalThresholds.named.map { ($0.name, $0.value(signals)) }
            + AlertSettings.named.map { ($0.name, $0.value(alerts)) }
    }

    mutating func read(_ entries: [String: ConfigurationNode]) throws(ConfigurationError) {
        if let node = entries["timeframes"] {
            timeframes = try node.uniqueList { item throws(ConfigurationError) in try item.timeframe() }
            if timeframes.isEmpty { throw node.error("must not be empty") }
        }
        if let node = entries["windows"] {
            windows = try node.uniqueList { item throws(ConfigurationError) in try item.integer(10...100_000) }
            if windows.isEmpty { throw node.error("must not be empty") }
        }
        if let node = entries["price"] { price = try node.choice() }
        if let node = entries["hedge_ratios"] {
            var methods: [HedgeRatioMethod] = []
            for item in try node.list() {
                let method: HedgeRatioMethod = try item.choice()
                if methods.contains(method) { throw item.error("given twice") }
                methods.append(method)
            }
            tests.hedgeRatios = methods
        }
        if let node = entries["signals"] { try signals.read(node) }
        if let node = entries["alerts"] { try alerts.read(node) }
        if let node = entries["tests"] { try readTests(node) }
    }

    private mutating func readTests(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(["every_bars", "min_observations", "regression", "autolag"])
        if let node = entries["every_bars"] { tests.everyBars = try node.integer(1...100_000) }
        if let node = entries["min_observations"] {
            tests.minimumObservations = try node.integer(TestSettings.leastObservations...100_000)
        }
        if let node = entries["regression"] { tests.trend = try node.choice() }
        if let node = entries["autolag"] { tests.lagSelection = try node.choice() }
    }
}

import MarketData

/// The alerts of one reading: which of its signals deserve attention outside the program.
///
/// A signal describes the bars; an alert also requires that the reading can be trusted. Alerts follow from bars and
/// tests in the order of event time, so that a replay of the same bars gives the same alerts.
struct AlertMonitor: Sendable, Equatable, Codable {
    /// Data quality at which the alert of a volatility spike can begin: below, the ratio may come from thin trading.
    static let minimumQuality = 0.8
    /// Data quality below which it ends.
    static let minimumQualityExit = 0.7

    /// One bar, as far as alerts depend on it.
    struct Bar: Sendable {
        /// Size of the forecast z-score; nil without one, or with an old price of a leg.
        var zScore: Double?
        /// The reading's data quality; nil before the first bar with a value.
        var quality: Double?
        /// The signals that hold. ``TestSequence`` sets the stationarity risk, which follows from tests.
        var signals: SignalSet = []
    }

    /// The levels of the configuration.
    private struct Levels: Sendable, Equatable, Codable {
        let confidence: Double
        let entry: Double
        let exit: Double
    }

    private let window: Int64
    private let levels: Levels
    /// The alerts that hold.
    private(set) var active: SignalSet = []
    /// The last bar at which the reading was proven.
    private var provenSlot: Int64?
    /// The last bar that alone would begin the alert of the z-score, while that alert holds.
    private var extremeSlot: Int64?

    init(window: Int, settings: AlertSettings) {
        self.window = Int64(window)
        levels = Levels(confidence: settings.minimumConfidence, entry: settings.zScore, exit: settings.zScoreExit)
    }

    /// Continues from the state of a run before. An alert that began at other levels does not continue.
    mutating func restore(_ earlier: AlertMonitor) {
        provenSlot = earlier.provenSlot
        guard earlier.levels == levels else { return }
        active = earlier.active
        extremeSlot = earlier.extremeSlot
    }

    /// Adds the next bar.
    /// - Parameters:
    ///   - confidence: of the reading at this bar.
    ///   - isProven: whether the tests before this bar prove the reading.
    mutating func step(_ bar: Bar, slot: Int64, confidence: Double?, isProven: Bool) {
        if isProven { provenSlot = slot }
        stepExtreme(bar, slot: slot, isTrusted: isProven && (confidence.map { $0 >= levels.confidence } ?? false))
        let wasSpiking = active.contains(.volatilitySpike)
        active = []
        if extremeSlot != nil { active.insert(.zScoreExtreme) }
        // After a break the reading soon stops being proven, which must not end the alert of that break.
        if provenSlot.map({ slot &- $0 < window }) == true {
            active.formUnion(bar.signals.intersection([.correlationBreakdown, .stationarityRisk]))
        }
        if let quality = bar.quality, quality >= (wasSpiking ? Self.minimumQualityExit : Self.minimumQuality) {
            active.formUnion(bar.signals.intersection(.volatilitySpike))
        }
    }

    private mutating func stepExtreme(_ bar: Bar, slot: Int64, isTrusted: Bool) {
        if let zScore = bar.zScore {
            if zScore >= levels.entry, isTrusted {
                extremeSlot = slot
            } else if zScore < levels.exit {
                extremeSlot = nil
            }
        }
        // Every bar that the level was compared with has left the window.
        if let extremeSlot, slot &- extremeSlot >= window { self.extremeSlot = nil }
    }
}

extension SignalSet: Codable {}

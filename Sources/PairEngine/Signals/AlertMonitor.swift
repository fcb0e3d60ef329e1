import MarketData

/// The alerts of one reading: which of its signals deserve attention outside the program.
///
/// A signal says what the bars look like, an alert that the reading behind it can be trusted. Alerts follow from bars and
/// tests in the order of event time, so that a replay of the same bars gives the same alerts.
struct AlertMonitor: Sendable, Equatable, Codable {
    /// Data quality below which a volatility ratio may come from thin trading.
    static let minimumQuality = 0.8

    /// What a bar says.
    struct Bar: Sendable {
        /// Size of the forecast z-score; nil without one, or with an old price of a leg.
        var zScore: Double?
        /// The reading's data quality; nil before the first bar with a value.
        var quality: Double?
        /// The signals that hold, without what follows from tests.
        var signals: SignalSet = []
    }

    /// The alerts that hold.
    private(set) var active: SignalSet = []
    /// The last bar at which the reading was proven.
    private var provenSlot: Int64?
    /// The last bar that alone would begin the alert of the z-score, while that alert holds.
    private var extremeSlot: Int64?

    /// Adds the next bar.
    /// - Parameters:
    ///   - confidence: of the reading at this bar.
    ///   - isProven: whether the tests before this bar prove the reading.
    mutating func step(
        _ bar: Bar,
        slot: Int64,
        window: Int,
        confidence: Double?,
        isProven: Bool,
        settings: AlertSettings
    ) {
        if isProven { provenSlot = slot }
        stepExtreme(bar, slot: slot, window: window, isTrusted: isProven && isEnough(confidence, settings), settings)
        // A break takes the proof with it and must not silence its own alert.
        let wasProven = provenSlot.map { slot &- $0 < Int64(window) } ?? false
        active = []
        if extremeSlot != nil { active.insert(.zScoreExtreme) }
        if wasProven { active.formUnion(bar.signals.intersection([.correlationBreakdown, .stationarityRisk])) }
        if let quality = bar.quality, quality >= Self.minimumQuality {
            active.formUnion(bar.signals.intersection(.volatilitySpike))
        }
    }

    private func isEnough(_ confidence: Double?, _ settings: AlertSettings) -> Bool {
        guard let confidence else { return false }
        return confidence >= settings.minimumConfidence
    }

    private mutating func stepExtreme(
        _ bar: Bar,
        slot: Int64,
        window: Int,
        isTrusted: Bool,
        _ settings: AlertSettings
    ) {
        if let zScore = bar.zScore {
            if zScore >= settings.zScore, isTrusted {
                extremeSlot = slot
            } else if zScore < settings.zScoreExit {
                extremeSlot = nil
            }
        }
        // Every bar that the level was compared with has left the window.
        if let extremeSlot, slot &- extremeSlot >= Int64(window) { self.extremeSlot = nil }
    }
}

extension SignalSet: Codable {}

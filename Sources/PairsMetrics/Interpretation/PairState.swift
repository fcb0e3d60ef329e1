package import PairEngine

/// The overall state of a reading.
package enum PairState: Sendable, Hashable {
    /// No signal holds and no level is passed.
    case calm
    /// A level is passed, but not yet for long enough for its signal to begin.
    case pending
    /// These signals hold, and their numbers have not passed the levels at which they end.
    case signals(SignalSet)
    /// Signals hold, and their numbers have passed the levels at which they end, but not yet for long enough.
    case recovering
    /// No signal holds, and the last bar has no z-score.
    case noLastValue
    /// The window has too few bars; the shortfall is how many are missing.
    case filling(Shortfall)
    /// There is no reading for another reason.
    case undefined(UndefinedReason)

    /// The state of a reading.
    /// - Parameters:
    ///   - thresholds: those of its pair.
    ///   - isStale: whether its last bar is too old to count as current.
    package init(_ reading: PairReading, thresholds: SignalThresholds, isStale: Bool) {
        self.init(ReadingFacts(reading, thresholds: thresholds, isStale: isStale))
    }

    init(_ facts: ReadingFacts) {
        switch facts.absence {
        case nil: self = Self.ofReading(facts)
        case .warmingUp?: self = .filling(facts.shortfall)
        case let reason?: self = .undefined(reason)
        }
    }

    private static func ofReading(_ facts: ReadingFacts) -> PairState {
        var standing = facts.activeSignals
        if facts.distance == .withinExit { standing.remove(.zScoreExtreme) }
        if facts.hasCorrelationRecovered { standing.remove(.correlationBreakdown) }
        if facts.areChangesUsual { standing.remove(.volatilitySpike) }
        if !standing.isEmpty { return .signals(standing) }
        if facts.distance == .beyondEntry || facts.areChangesBeyondSpike { return .pending }
        if !facts.activeSignals.isEmpty { return .recovering }
        return facts.distance == .unknown ? .noLastValue : .calm
    }

    /// A name of one or two words.
    package var name: String {
        switch self {
        case .calm: "calm"
        case .pending: "pending"
        case .recovering: "recovering"
        case .noLastValue: "no last value"
        case .filling: "warming up"
        case .signals(let signals): Self.name(of: signals)
        case .undefined(let reason): Self.name(of: reason)
        }
    }

    private static func name(of signals: SignalSet) -> String {
        let words = Signal.allCases.filter { signals.contains(SignalSet($0)) }.map(word)
        guard let last = words.last, words.count > 1 else { return words.first ?? "calm" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func word(_ signal: Signal) -> String {
        switch signal {
        case .zScoreExtreme: "stretched"
        case .correlationBreakdown: "decoupled"
        case .volatilitySpike: "turbulent"
        case .stationarityRisk: "at risk"
        }
    }

    private static func name(of reason: UndefinedReason) -> String {
        switch reason {
        case .stale: "stale"
        case .flatLeg: "flat leg"
        case .collinear: "legs move as one"
        case .gap: "bars lost"
        default: "too little data"
        }
    }
}

/// How much of the data that a reading needs is missing, as a phrase.
package enum Shortfall: String, Sendable, CaseIterable {
    /// Nothing, or less than an eighth.
    case little = "only a little"
    /// About a quarter.
    case quarter = "about a quarter"
    /// About a half.
    case half = "about half"
    /// About three quarters.
    case threeQuarters = "about three quarters"
    /// Seven eighths or more.
    case most = "nearly all"

    /// - Parameters:
    ///   - missing: bars that are still needed.
    ///   - needed: bars that a reading needs.
    init(missing: Int, of needed: Int) {
        let eighths = needed > 0 ? 8 * missing / needed : 0
        self =
            switch eighths {
            case ..<1: .little
            case ..<3: .quarter
            case ..<5: .half
            case ..<7: .threeQuarters
            default: .most
            }
    }
}

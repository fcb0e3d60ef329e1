/// A reading in words: what it means, how far to trust it, what a researcher might watch next.
///
/// All texts come from a fixed set without numbers, so that they can be labels; the same reading always gives the same
/// words. Information, never advice.
public struct Interpretation: Sendable, Hashable {
    /// What the reading says on the whole.
    public let state: PairState
    /// How far it can be trusted, nil while there is no reading.
    public let trust: Trust?
    /// Whether the hedge ratio makes no spread in the usual sense.
    public let hasUnusualHedgeRatio: Bool

    /// Confidence reduced to words.
    public struct Trust: Sendable, Hashable {
        /// How much.
        public let level: ConfidenceLevel
        /// What limits it most.
        public let weakestLink: ConfidenceLink

        /// Words for every combination that there is: what the cap limits is moderate by definition.
        public static let all = ConfidenceLevel.allCases.flatMap { level in
            ConfidenceLink.allCases.filter { $0 != .cointegration || level == .moderate }.map {
                Trust(level: level, weakestLink: $0)
            }
        }
    }

    /// The words for a reading.
    /// - Parameter isStale: whether its last bar is too old to pass for current.
    public init(_ reading: PairReading, isStale: Bool = false) {
        let state = PairState(reading, isStale: isStale)
        var trust: Trust?
        if case .signals = state {
            trust = reading.confidence.map { Trust(level: $0.level, weakestLink: $0.weakestLink) }
        }
        self.init(state: state, trust: trust, hasUnusualHedgeRatio: trust != nil && reading.hasUnusualHedgeRatio)
    }

    init(state: PairState, trust: Trust?, hasUnusualHedgeRatio: Bool = false) {
        self.state = state
        self.trust = trust
        self.hasUnusualHedgeRatio = hasUnusualHedgeRatio
    }

    /// What the state means, in a sentence.
    public var meaning: String { state.meaning }

    /// What a researcher might watch next, in a sentence.
    public var watch: String { state.watch }

    /// How far to trust the reading, in a sentence or two.
    public var confidence: String {
        guard let trust else {
            if case .signals = state {
                return "How far to trust this cannot be said, because the returns of the legs have no correlation."
            }
            return "There is no reading to trust."
        }
        let level =
            switch trust.level {
            case .high: "This deserves much trust"
            case .moderate: "This deserves some trust"
            case .low: "This deserves little trust"
            }
        let link =
            switch trust.weakestLink {
            case .correlation: "its weakest link is how closely the returns of the legs are correlated"
            case .freshness: "its weakest link is that bars repeat old prices, because a leg trades rarely"
            case .completeness: "its weakest link is that bars are missing from the window"
            case .cointegration: "its weakest link is that cointegration is not proven over this window"
            }
        let caveat =
            hasUnusualHedgeRatio
            ? " A hedge ratio that is negative or extreme makes no spread in the usual sense." : ""
        return "\(level); \(link).\(caveat)"
    }

    /// Everything that can be said, once for each state and each degree of trust.
    public static let all: [Interpretation] = PairState.all.flatMap { state in
        guard case .signals = state else { return [Interpretation(state: state, trust: nil)] }
        return [Interpretation(state: state, trust: nil)]
            + Trust.all.flatMap { trust in
                [false, true].map { Interpretation(state: state, trust: trust, hasUnusualHedgeRatio: $0) }
            }
    }
}

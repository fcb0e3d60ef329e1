/// What a reading says on the whole: which signals hold, or why there is no reading.
public enum PairState: Sendable, Hashable {
    /// There is a reading, and these signals hold.
    case signals(SignalSet)
    /// The window has too few bars; so much is missing.
    case filling(Shortfall)
    /// There is no reading for another reason.
    case undefined(UndefinedReason)

    /// The state of a reading.
    /// - Parameter isStale: whether its last bar is too old to pass for current.
    init(_ reading: PairReading, isStale: Bool) {
        let isCollinear = reading.zScore.reason == .collinear
        switch isStale ? .stale : reading.fit.reason ?? (isCollinear ? .collinear : nil) {
        case nil: self = .signals(reading.activeSignals)
        case .warmingUp?:
            let needed = reading.neededObservations
            self = .filling(Shortfall(missing: needed - reading.observations, of: needed))
        case let reason?: self = .undefined(reason)
        }
    }

    /// Every state there is.
    public static let all =
        (0...SignalSet.all.rawValue).map { PairState.signals(SignalSet(rawValue: $0)) }
        + Shortfall.allCases.map(PairState.filling) + UndefinedReason.allCases.map(PairState.undefined)
}

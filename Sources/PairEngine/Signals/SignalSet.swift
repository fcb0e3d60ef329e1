/// Any combination of signals.
public struct SignalSet: OptionSet, Sendable, Hashable {
    /// One bit per signal, in the order of `Signal.allCases`.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The set of one signal.
    public init(_ signal: Signal) {
        self =
            switch signal {
            case .zScoreExtreme: .zScoreExtreme
            case .correlationBreakdown: .correlationBreakdown
            case .volatilitySpike: .volatilitySpike
            case .stationarityRisk: .stationarityRisk
            }
    }

    /// ``Signal/zScoreExtreme`` alone.
    public static let zScoreExtreme = SignalSet(rawValue: 1)
    /// ``Signal/correlationBreakdown`` alone.
    public static let correlationBreakdown = SignalSet(rawValue: 2)
    /// ``Signal/volatilitySpike`` alone.
    public static let volatilitySpike = SignalSet(rawValue: 4)
    /// ``Signal/stationarityRisk`` alone.
    public static let stationarityRisk = SignalSet(rawValue: 8)
    /// All signals.
    public static let all: SignalSet = [.zScoreExtreme, .correlationBreakdown, .volatilitySpike, .stationarityRisk]
}

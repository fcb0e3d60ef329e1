/// Any combination of signals.
package struct SignalSet: OptionSet, Sendable, Hashable {
    /// One bit per signal, in the order of `Signal.allCases`.
    package let rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The set of one signal.
    package init(_ signal: Signal) {
        self =
            switch signal {
            case .zScoreExtreme: .zScoreExtreme
            case .correlationBreakdown: .correlationBreakdown
            case .volatilitySpike: .volatilitySpike
            case .stationarityRisk: .stationarityRisk
            }
    }

    /// ``Signal/zScoreExtreme`` alone.
    package static let zScoreExtreme = SignalSet(rawValue: 1)
    /// ``Signal/correlationBreakdown`` alone.
    package static let correlationBreakdown = SignalSet(rawValue: 2)
    /// ``Signal/volatilitySpike`` alone.
    package static let volatilitySpike = SignalSet(rawValue: 4)
    /// ``Signal/stationarityRisk`` alone.
    package static let stationarityRisk = SignalSet(rawValue: 8)
    /// All signals.
    package static let all: SignalSet = [.zScoreExtreme, .correlationBreakdown, .volatilitySpike, .stationarityRisk]
}

package import PairStatistics

/// The levels of critical values, as the label `level` and JSON keys write them.
package enum CriticalValueLevels {
    static let all = ["1%", "5%", "10%"]

    /// The value at a position of ``all``.
    static func value(_ level: Int, _ values: CriticalValues) -> Double {
        switch level {
        case 0: values.onePercent
        case 1: values.fivePercent
        default: values.tenPercent
        }
    }

    /// Each level with its value.
    package static func list(_ values: CriticalValues) -> [(level: String, value: Double)] {
        all.enumerated().map { ($1, value($0, values)) }
    }
}

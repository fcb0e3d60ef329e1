import PairStatistics

/// The levels of critical values, as the label `level` and JSON keys write them.
enum CriticalValueLevels {
    static let all = ["1%", "5%", "10%"]

    /// Each level with its value.
    static func list(_ values: CriticalValues) -> [(level: String, value: Double)] {
        Array(zip(all, [values.onePercent, values.fivePercent, values.tenPercent]))
    }
}

/// One second of a simulated market: the log prices at its ends and the trades within it.
///
/// Its trades are generated one by one when they are due, so that the cost of a busy market is spread evenly.
struct SimulatedSecond: Sendable {
    /// Seconds from the start of the run to its beginning.
    var number = 0
    /// Log price of each instrument at its beginning.
    var before: [Double] = []
    /// Log price of each instrument at its end.
    var after: [Double] = []
    /// The driver of each instrument in this second, nil for none or while it is decoupled.
    var drivers: [Int?] = []
    /// Whether each instrument's trades are not delivered.
    var isSilent: [Bool] = []
    /// The path of each instrument's own process.
    var bridges: [BrownianBridge] = []
    /// The remaining trades in order of time, each with its time as a share of the second.
    var trades: ArraySlice<(instrument: Int, offset: Double)> = []

    /// Microseconds from the start of the run to the next trade, nil when there is none.
    var nextTime: Int64? {
        trades.first.map { Int64(number) * 1_000_000 + Int64($0.offset * 1_000_000) }
    }

    /// The log price of an instrument at a moment, which must not be before that of the last call.
    /// - Parameter hedgeRatio: the slope of its log price on its driver's.
    mutating func level(
        of instrument: Int,
        at offset: Double,
        hedgeRatio: Double,
        using generator: inout Xoshiro256
    ) -> Double {
        var level = before[instrument] + offset * (after[instrument] - before[instrument])
        level += bridges[instrument].value(at: offset, using: &generator)
        if let driver = drivers[instrument] {
            level += hedgeRatio * bridges[driver].value(at: offset, using: &generator)
        }
        return level
    }
}

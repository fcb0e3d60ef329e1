/// One second of a simulated market: between which log prices it lies, and who trades when in it.
///
/// Its trades are made one by one when they are due, so that a busy market costs as much at every moment.
struct SimulatedSecond: Sendable {
    /// Seconds from the start of the run to its beginning.
    var number = 0
    /// Log price of each instrument at its beginning.
    var before: [Double] = []
    /// Log price of each instrument at its end.
    var after: [Double] = []
    /// Whom each instrument follows now, nil where it goes its own way.
    var drivers: [Int?] = []
    /// Whose trades are not delivered.
    var isSilent: [Bool] = []
    /// Which way each instrument's own process takes.
    var bridges: [BrownianBridge] = []
    /// The trades to come in order of time, each with the share of the second that has passed by then.
    var trades: ArraySlice<(instrument: Int, offset: Double)> = []

    /// Microseconds from the start of the run to the next trade, nil when there is none.
    var nextTime: Int64? {
        trades.first.map { Int64(number) * 1_000_000 + Int64($0.offset * 1_000_000) }
    }

    /// The log price of an instrument at a moment that is not before the last one asked for.
    /// - Parameter hedgeRatio: how closely it follows its driver.
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

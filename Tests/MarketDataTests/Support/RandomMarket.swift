import MarketData
import TestSupport

/// Trades of some instruments in order of time, each instrument's ids in order too.
struct RandomMarket {
    private(set) var trades: [Trade] = []

    /// - Parameter meanInterval: milliseconds between two trades.
    init(instruments: Int, trades count: Int, meanInterval: Int64, using generator: inout SeededRandom) {
        var nextID = Array(repeating: Int64(1000), count: instruments)
        var milliseconds = Int64.random(in: 1_700_000_000_000..<1_700_000_100_000, using: &generator)
        for _ in 0..<count {
            // Sometimes a burst in one moment, or a long silence.
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: break
            case 1: milliseconds += .random(in: 0...(8 * meanInterval), using: &generator)
            default: milliseconds += .random(in: 0...(2 * meanInterval), using: &generator)
            }
            let instrument = Int.random(in: 0..<instruments, using: &generator)
            trades.append(
                Trade(
                    instrument: InstrumentID(instrument),
                    id: nextID[instrument],
                    time: .milliseconds(milliseconds),
                    price: FixedDecimal(mantissa: .random(in: 9_000...11_000, using: &generator), scale: 2),
                    quantity: FixedDecimal(mantissa: .random(in: 1...100_000, using: &generator), scale: 3),
                    takerSide: .sell
                )
            )
            nextID[instrument] += 1
        }
    }
}

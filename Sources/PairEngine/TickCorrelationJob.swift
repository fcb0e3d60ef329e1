import MarketData
import PairStatistics
import RealModule

/// Correlation of all pairs by their ticks, with a copy of the data it needs: it runs wherever there is time.
public struct TickCorrelationJob: Sendable {
    /// Increments that each leg must have: fewer say nothing.
    static let minimumIncrements = 30

    let pairs: [(y: Int, x: Int)]
    let ticks: [ArraySlice<TickWindow.Tick>]

    /// The Hayashi-Yoshida correlation of each pair's log prices, in the order of the engine's definitions.
    public func run() -> [Measured<Double>] {
        let values = ticks.map { ticks in
            ticks.map { TimedValue(time: $0.time.microseconds, value: .log($0.price)) }
        }
        return pairs.map { pair in
            measured { () throws(UndefinedStatistic) in
                let estimate = try HayashiYoshida(x: values[pair.x], y: values[pair.y])
                guard min(estimate.incrementsX, estimate.incrementsY) >= Self.minimumIncrements else { throw .tooFew }
                return estimate.correlation
            }
        }
    }
}

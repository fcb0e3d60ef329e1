package import MarketData
import PairStatistics
import RealModule

/// The ticks of every instrument over a horizon, and the correlation of the pairs' log prices from these ticks.
///
/// One series per instrument, not per pair. Bars of a few seconds understate the correlation of a thin leg; ticks do
/// not. Of each second of event time the last trade counts, at its own time: from trade to trade the bid-ask bounce and
/// the latency of each market outweigh the common movement of the legs.
package struct TickCorrelator: Sendable {
    private struct Pair {
        let y: InstrumentID
        let x: InstrumentID
        var estimate: RollingHayashiYoshida
    }

    /// The latest correlation of each pair, in the order of the definitions.
    package private(set) var correlations: [Measured<Double>]
    /// Microseconds that ticks are kept.
    package private(set) var horizon: Int64
    private var pairs: [Pair]
    private var series: InstrumentMap<TickSeries>
    /// The block that the clock is in, counted from the epoch.
    private var block = Int64.min
    /// The next pair to renew.
    private var next: Int

    /// How often per horizon old ticks are removed and correlations renewed.
    private static let renewals: Int64 = 90
    /// Microseconds of event time of which the last trade counts.
    static let samplingInterval: Int64 = 1_000_000
    /// Increments that each leg must have: fewer give no estimate.
    static let minimumIncrements = 30
    /// The least cost of a renewal, as a number of products.
    private static let renewalCost = 100

    private var blockLength: Int64 { Self.blockLength(horizon: horizon) }

    /// A correlator without ticks.
    /// - Parameters:
    ///   - definitions: the pairs.
    ///   - horizon: microseconds that ticks are kept.
    package init(definitions: [PairDefinition], horizon: Int64) {
        self.horizon = horizon
        let blockLength = Self.blockLength(horizon: horizon)
        pairs = Self.pairs(definitions, blockLength: blockLength)
        next = pairs.count
        series = InstrumentMap(Self.instruments(of: definitions), value: Self.emptySeries(blockLength))
        correlations = Array(repeating: .failure(.warmingUp), count: definitions.count)
    }

    /// Keeps the ticks of further instruments, so that they are available to pairs that are added later.
    package mutating func add(_ instruments: some Sequence<InstrumentID>) {
        for instrument in instruments where series[instrument] == nil {
            series[instrument] = Self.emptySeries(blockLength)
        }
    }

    /// Removes the ticks of instruments that no pair has.
    package mutating func remove(_ instruments: some Sequence<InstrumentID>) {
        for instrument in instruments { series[instrument] = nil }
    }

    /// Replaces the pairs; a pair that stays keeps its estimate, and the ticks of all instruments stay.
    package mutating func replace(definitions: [PairDefinition], horizon: Int64) {
        let known = zip(pairs, correlations).map { (pair: $0, correlation: $1) }
        let isRegrouped = Self.blockLength(horizon: horizon) != blockLength
        self.horizon = horizon
        if isRegrouped {
            for instrument in series.instruments {
                series[instrument] = series[instrument]?.regrouped(blockLength: blockLength)
            }
        }
        add(Self.instruments(of: definitions))
        pairs = Self.pairs(definitions, blockLength: blockLength)
        correlations = Array(repeating: .failure(.warmingUp), count: definitions.count)
        for index in pairs.indices {
            guard let known = known.first(where: { $0.pair.y == pairs[index].y && $0.pair.x == pairs[index].x }) else {
                continue
            }
            if !isRegrouped { pairs[index].estimate = known.pair.estimate }
            correlations[index] = known.correlation
        }
        next = pairs.count
        block = .min
    }

    /// Adds trades of the market, in the order of arrival.
    package mutating func append(_ trades: [Trade]) {
        for trade in trades {
            guard let position = series.position(of: trade.instrument) else { continue }
            series.elements[position].append(
                TimedValue(time: trade.time.microseconds, value: .log(trade.price.doubleValue))
            )
        }
    }

    /// Advances to a time of the feeds' clock: at each ninetieth of the horizon all correlations are renewed.
    /// - Parameter budget: how many products of increments are allowed in this call. A warm start or many pairs need
    ///   several calls, so that none delays the processing of trades.
    package mutating func advance(to now: Timestamp, budget: Int = 20_000) {
        let (blockLength, current) = (blockLength, now.microseconds / blockLength)
        if next == pairs.count, current > block {
            block = current
            next = 0
            let length = (horizon + blockLength - 1) / blockLength
            // The difference saturates where a clock is far from all trades.
            let edge = (now - length * blockLength).microseconds / blockLength * blockLength
            for position in series.elements.indices { series.elements[position].remove(before: edge) }
            for index in pairs.indices { pairs[index].estimate.remove(before: edge) }
        }
        var budget = budget
        while next < pairs.count, budget > 0, renew(next, &budget) {
            next += 1
            budget -= Self.renewalCost
        }
    }

    /// Renews the correlation of a pair; false where that needs more than the budget.
    private mutating func renew(_ index: Int, _ budget: inout Int) -> Bool {
        guard let x = series[pairs[index].x], let y = series[pairs[index].y] else { return true }
        guard pairs[index].estimate.advance(x: x, y: y, budget: &budget) else { return false }
        correlations[index] = measured { () throws(UndefinedStatistic) in
            let estimate = try pairs[index].estimate.estimate(x: x, y: y)
            guard min(estimate.incrementsX, estimate.incrementsY) >= Self.minimumIncrements else { throw .tooFew }
            return estimate.correlation
        }
        return true
    }

    private static func pairs(_ definitions: [PairDefinition], blockLength: Int64) -> [Pair] {
        definitions.map { definition in
            Pair(
                y: definition.y,
                x: definition.x,
                estimate: RollingHayashiYoshida(blockLength: blockLength)
            )
        }
    }

    private static func instruments(of definitions: [PairDefinition]) -> Set<InstrumentID> {
        Set(definitions.flatMap { [$0.y, $0.x] })
    }

    private static func emptySeries(_ blockLength: Int64) -> TickSeries {
        TickSeries(blockLength: blockLength, interval: samplingInterval)
    }

    private static func blockLength(horizon: Int64) -> Int64 {
        max(1_000_000, (horizon + renewals - 1) / renewals)
    }
}

package import MarketData
import RealModule

/// A seeded market: a pure value without a clock that yields bars of its past and trades of its present.
///
/// Latent log prices have a grid of one second from ``start``, with Brownian bridges in between. Trades of an
/// instrument are a Poisson process; a trade's price is the latent price at its time, rounded to a tick, up for a buy
/// of the taker and down for a sell. Instrument ids are positions in the configuration.
package struct SimulatedMarket: Sendable {
    /// The configuration, with the true hedge ratios and half-lives.
    package let configuration: SimulatedMarketConfiguration
    /// The full second at which the past ends and trading begins.
    package let start: Timestamp

    private let drivers: [Int?]
    private let intercepts: [Double]
    private let fineLength: Int
    private let noiseSeed: UInt64
    private var processes: [LatentProcess]
    private var tradeGenerators: [Xoshiro256]
    private var bridgeGenerator: Xoshiro256
    private var nextIDs: [Int64]
    private var levels: [Double]
    private var second = 0
    private var present = SimulatedSecond()
    private var withheld: [WithheldTrades]

    /// A market whose past ends at `startingAt`, rounded down to a full second.
    ///
    /// - Throws: ``SimulatedMarketError``.
    package init(
        configuration: SimulatedMarketConfiguration,
        seed: UInt64? = nil,
        startingAt: Timestamp
    ) throws(SimulatedMarketError) {
        try configuration.validate()
        self.configuration = configuration
        let startSecond = startingAt.microseconds / 1_000_000
        start = Timestamp(microseconds: startSecond * 1_000_000)
        let fineLength = LatentProcess.finePast + Int((startSecond - Int64(LatentProcess.finePast)) % 60)
        self.fineLength = fineLength
        let instruments = configuration.instruments
        var seeds = SplitMix64(seed: seed ?? configuration.seed)
        noiseSeed = seeds.next()
        processes = instruments.map { LatentProcess($0, seed: seeds.next(), fineLength: fineLength) }
        tradeGenerators = instruments.map { _ in Xoshiro256(seed: seeds.next()) }
        bridgeGenerator = Xoshiro256(seed: seeds.next())
        nextIDs = instruments.map { _ in 1 }
        withheld = instruments.map { _ in WithheldTrades() }
        let drivers = instruments.map { follower in instruments.firstIndex { $0.symbol == follower.driver } }
        self.drivers = drivers
        intercepts = instruments.indices.map { index in
            guard let driver = drivers[index] else { return 0 }
            let ratio = instruments[index].hedgeRatio
            return Double.log(instruments[index].price) - ratio * Double.log(instruments[driver].price)
        }
        levels = []
        levels = instruments.indices.map { level(of: $0) { $0.value } }
    }

    /// Continues the ids of an instrument after a known id.
    package mutating func resume(_ instrument: InstrumentID, after id: Int64) {
        guard nextIDs.indices.contains(Int(instrument.index)) else { return }
        nextIDs[Int(instrument.index)] = max(nextIDs[Int(instrument.index)], id + 1)
    }

    /// The last closed bars before ``start``, oldest first, with origin `klines`.
    ///
    /// The grid of the past is one second for two hours and one minute before that. So bars of full minutes exist for
    /// any time in the past, others for two hours. All timeframes are computed from the same path.
    package mutating func bars(of instrument: InstrumentID, timeframe: Timeframe, count: Int) -> [Bar] {
        let index = Int(instrument.index)
        guard processes.indices.contains(index), count > 0 else { return [] }
        let startSecond = start.microseconds / 1_000_000
        let length = timeframe.microseconds / 1_000_000
        let end = timeframe.slot(of: start)
        var first = max(0, end - Int64(count))
        if length % 60 != 0 {
            let reach = startSecond - Int64(fineLength)
            first = max(first, (reach + length - 1) / length)
        }
        guard first < end else { return [] }
        return (first..<end).map { slot in
            let prices = pastPrices(
                of: index,
                from: Int(startSecond - slot * length),
                to: Int(startSecond - (slot + 1) * length)
            )
            return Bar(
                instrument: instrument,
                timeframe: timeframe,
                slot: slot,
                state: prices.trades > 0 ? .traded : .carried,
                origin: .klines,
                prices: prices
            )
        }
    }

    /// The last trade of each of the seconds before ``start``, oldest first, for statistics of ticks. They have no ids.
    package mutating func ticks(of instrument: InstrumentID, seconds count: Int) -> [Trade] {
        let index = Int(instrument.index)
        guard processes.indices.contains(index) else { return [] }
        let settings = configuration.instruments[index]
        return (0..<max(0, min(count, fineLength))).reversed().compactMap { end -> Trade? in
            let cell = pastCell(until: end)
            guard let (_, last) = cell.trades(of: index, perSecond: settings.tradesPerSecond) else { return nil }
            let isBuy = isPastBuy(index, at: end)
            return Trade(
                instrument: instrument,
                id: 0,
                time: start - Int64((Double(end) + 1 - last) * 1e6),
                price: settings.quote(level: pastLevel(of: index, in: cell, at: last), isBuy: isBuy),
                quantity: FixedDecimal(mantissa: 0, scale: 0),
                takerSide: isBuy ? .buy : .sell
            )
        }
    }

    /// The trades since the last call up to and including a moment, in order of time.
    package mutating func trades(until moment: Timestamp) -> [Trade] {
        var result: [Trade] = []
        while true {
            while let time = present.nextTime, start + time <= moment {
                if let trade = nextTrade(at: start + time) { result.append(trade) }
            }
            guard present.trades.isEmpty, start + Int64(second) * 1_000_000 <= moment else { return result }
            present = nextSecond()
        }
    }

    /// The time of the first undelivered trade in an instrument's present silence; nil while its trades are delivered.
    package func silence(of instrument: InstrumentID) -> Timestamp? {
        let index = Int(instrument.index)
        return withheld.indices.contains(index) ? withheld[index].since : nil
    }

    /// An instrument's trades with these ids that a silent feed did not deliver, oldest first.
    package func undelivered(of instrument: InstrumentID, ids: ClosedRange<Int64>) -> [Trade] {
        let index = Int(instrument.index)
        return withheld.indices.contains(index) ? withheld[index].trades.filter { ids.contains($0.id) } : []
    }

    private mutating func nextSecond() -> SimulatedSecond {
        let before = levels
        stepProcesses()
        levels = processes.indices.map { level(of: $0) { $0.value } }
        defer { second += 1 }
        return SimulatedSecond(
            number: second,
            before: before,
            after: levels,
            drivers: processes.indices.map { isActive(.decoupling, $0) ? nil : drivers[$0] },
            isSilent: processes.indices.map { isActive(.silentFeed, $0) },
            bridges: processes.indices.map { BrownianBridge(deviation: deviationWithinSecond($0)) },
            trades: tradesWithinSecond()[...]
        )
    }

    /// Generates the next trade of the present second; nil when its instrument's feed is silent.
    private mutating func nextTrade(at time: Timestamp) -> Trade? {
        guard let (index, offset) = present.trades.popFirst() else { return nil }
        let ratio = configuration.instruments[index].hedgeRatio
        let level = present.level(of: index, at: offset, hedgeRatio: ratio, using: &bridgeGenerator)
        let trade = makeTrade(index, at: time, level: level)
        if present.isSilent[index] {
            withheld[index].append(trade)
            return nil
        }
        withheld[index].since = nil
        return trade
    }

    /// The trades in the next second in order of time: each one's instrument and its offset within the second.
    private mutating func tradesWithinSecond() -> [(instrument: Int, offset: Double)] {
        var trades: [(instrument: Int, offset: Double)] = []
        for index in processes.indices {
            let count = tradeGenerators[index].poisson(mean: configuration.instruments[index].tradesPerSecond)
            for _ in 0..<count { trades.append((index, tradeGenerators[index].uniform())) }
        }
        return trades.sorted { ($0.offset, $0.instrument) < ($1.offset, $1.instrument) }
    }

    /// Standard deviation of the change of an instrument's process in the next second.
    private func deviationWithinSecond(_ index: Int) -> Double {
        let instrument = configuration.instruments[index]
        if let driver = drivers[index], isActive(.decoupling, index) {
            return instrument.decoupledDeviation(driverVolatility: configuration.instruments[driver].volatility)
        }
        return noise(index) * instrument.ownDeviation(seconds: 1)
    }

    /// Steps drivers first, because a step of a decoupled follower subtracts its driver's move.
    private mutating func stepProcesses() {
        let before = processes.map(\.value)
        for index in processes.indices where drivers[index] == nil {
            processes[index].step(noise: noise(index))
        }
        for index in processes.indices {
            guard let driver = drivers[index] else { continue }
            if isActive(.decoupling, index) {
                processes[index].stepDecoupled(
                    driverMove: processes[driver].value - before[driver],
                    driverVolatility: configuration.instruments[driver].volatility
                )
            } else {
                processes[index].step(noise: noise(index))
            }
        }
    }

    private func noise(_ index: Int) -> Double {
        episode(.volatilityBurst, index)?.factor ?? 1
    }

    private func isActive(_ kind: SimulatedEpisode.Kind, _ index: Int) -> Bool {
        episode(kind, index) != nil
    }

    private func episode(_ kind: SimulatedEpisode.Kind, _ index: Int) -> SimulatedEpisode? {
        configuration.episodes.first {
            $0.kind == kind && $0.instrument == configuration.instruments[index].symbol
                && $0.isActive(at: Double(second))
        }
    }

    private mutating func makeTrade(_ index: Int, at time: Timestamp, level: Double) -> Trade {
        let instrument = configuration.instruments[index]
        let isBuy = tradeGenerators[index].next() & 1 == 0
        let units = Double.exp10(Double(instrument.quantityDecimals)) * instrument.meanQuantity
        let quantity = -Double.log(tradeGenerators[index].uniform()) * units
        defer { nextIDs[index] += 1 }
        return Trade(
            instrument: InstrumentID(index),
            id: nextIDs[index],
            time: time,
            price: instrument.quote(level: level, isBuy: isBuy),
            quantity: FixedDecimal(
                mantissa: Int64(min(max(quantity.rounded(), 1), 1e17)),
                scale: instrument.quantityDecimals
            ),
            takerSide: isBuy ? .buy : .sell
        )
    }

    /// The log price from the values of an instrument's process and its driver's.
    private func level(of index: Int, _ value: (LatentProcess) -> Double) -> Double {
        guard let driver = drivers[index] else { return value(processes[index]) }
        let ratio = configuration.instruments[index].hedgeRatio
        return intercepts[index] + ratio * value(processes[driver]) + value(processes[index])
    }

    private mutating func pastLevel(of index: Int, at secondsBefore: Int) -> Double {
        let own = processes[index].past(secondsBefore)
        guard let driver = drivers[index] else { return own }
        let ratio = configuration.instruments[index].hedgeRatio
        return intercepts[index] + ratio * processes[driver].past(secondsBefore) + own
    }

    /// The bar between two moments, in seconds before the start, computed cell by cell. Its close is the price of the
    /// last trade, which is before the end, as in a bar of the present.
    private mutating func pastPrices(of index: Int, from open: Int, to close: Int) -> BarPrices {
        let instrument = configuration.instruments[index]
        let openPrice = pastClose(index, at: open)
        let closePrice = pastClose(index, at: close)
        var level = pastLevel(of: index, at: open)
        var (highest, lowest) = (-Double.infinity, Double.infinity)
        var trades = 0
        var moment = open
        while moment > close {
            let cell = pastCell(from: moment)
            moment = cell.end
            let next = pastLevel(of: index, at: moment)
            defer { level = next }
            guard let (count, _) = cell.trades(of: index, perSecond: instrument.tradesPerSecond) else { continue }
            trades += count
            // The extremes of a Brownian bridge between the two ends of the cell (Karatzas and Shreve 1991, 4.3.40).
            var noise = Xoshiro256(seed: noiseSeed &+ UInt64(index) << 48 &+ UInt64(moment))
            let move = (next - level) * (next - level)
            let variance = varianceOverStep(index, seconds: Double(cell.seconds))
            let up = (move - 2 * variance * Double.log(noise.uniform())).squareRoot()
            let down = (move - 2 * variance * Double.log(noise.uniform())).squareRoot()
            highest = max(highest, (level + next + up) / 2)
            lowest = min(lowest, (level + next - down) / 2)
        }
        guard trades > 0 else {
            return .carried(closePrice)
        }
        return BarPrices(
            open: openPrice,
            high: max(instrument.quote(level: highest, isBuy: false).doubleValue, openPrice, closePrice),
            low: min(instrument.quote(level: lowest, isBuy: true).doubleValue, openPrice, closePrice),
            close: closePrice,
            volume: Double(trades) * instrument.meanQuantity,
            trades: trades
        )
    }

    /// The price of the last trade before a moment of the past, the same for every timeframe.
    private mutating func pastClose(_ index: Int, at secondsBefore: Int) -> Double {
        let instrument = configuration.instruments[index]
        var moment = secondsBefore
        for _ in 0..<Self.longestPastPause {
            let cell = pastCell(until: moment)
            if let (_, last) = cell.trades(of: index, perSecond: instrument.tradesPerSecond) {
                return pastQuote(index, pastLevel(of: index, in: cell, at: last), at: moment)
            }
            moment += cell.seconds
        }
        return pastQuote(index, pastLevel(of: index, at: secondsBefore), at: secondsBefore)
    }

    /// The number of cells that the search for the last trade covers.
    private static let longestPastPause = 600

    private func pastCell(until end: Int) -> PastCell {
        PastCell(seed: noiseSeed, end: end, seconds: end >= fineLength ? 60 : 1)
    }

    private func pastCell(from start: Int) -> PastCell {
        let seconds = start > fineLength ? 60 : 1
        return PastCell(seed: noiseSeed, end: start - seconds, seconds: seconds)
    }

    private mutating func pastLevel(of index: Int, in cell: PastCell, at share: Double) -> Double {
        let before = pastLevel(of: index, at: cell.end + cell.seconds)
        let after = pastLevel(of: index, at: cell.end)
        let seconds = Double(cell.seconds)
        let instrument = configuration.instruments[index]
        var level = before + share * (after - before)
        level += instrument.ownDeviation(seconds: seconds) * cell.deviation(of: index, at: share)
        if let driver = drivers[index] {
            let deviation = configuration.instruments[driver].ownDeviation(seconds: seconds)
            level += instrument.hedgeRatio * deviation * cell.deviation(of: driver, at: share)
        }
        return level
    }

    private func pastQuote(_ index: Int, _ level: Double, at secondsBefore: Int) -> Double {
        let isBuy = isPastBuy(index, at: secondsBefore)
        return configuration.instruments[index].quote(level: level, isBuy: isBuy).doubleValue
    }

    private func isPastBuy(_ index: Int, at secondsBefore: Int) -> Bool {
        var side = SplitMix64(seed: noiseSeed &+ UInt64(index) << 48 &+ UInt64(secondsBefore))
        return side.next() & 1 == 0
    }

    /// The variance of an instrument's log price within a step.
    private func varianceOverStep(_ index: Int, seconds: Double) -> Double {
        let instrument = configuration.instruments[index]
        let own = instrument.ownDeviation(seconds: seconds)
        guard let driver = drivers[index] else { return own * own }
        let followed = instrument.hedgeRatio * configuration.instruments[driver].ownDeviation(seconds: seconds)
        return followed * followed + own * own
    }
}

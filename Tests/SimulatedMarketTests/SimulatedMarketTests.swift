import Foundation
import MarketData
import SimulatedMarket
import Testing
import TradeFeeds

@Suite struct SimulatedMarketTests {
    /// 2024-08-09T00:00:17.25Z: neither a full second nor a full minute.
    private static let start = Timestamp(microseconds: 1_723_161_617_250_000)
    private static let calm = SimulatedMarketConfiguration(episodes: [])

    private var second: Timeframe { get throws { try #require(Timeframe("1s")) } }

    private func market(
        _ configuration: SimulatedMarketConfiguration = SimulatedMarketConfiguration(),
        seed: UInt64? = nil
    ) throws -> SimulatedMarket {
        try SimulatedMarket(configuration: configuration, seed: seed, startingAt: Self.start)
    }

    @Test("the same seed generates the same trades and bars in any order of calls, another seed generates others")
    func determinism() throws {
        var whole = try market()
        var pieces = try market()
        var other = try market(seed: 2)
        let trades = whole.trades(until: Self.start + 60_000_000)
        let inPieces =
            stride(from: Int64(0), through: 60_000_000, by: 37_000).flatMap {
                pieces.trades(until: Self.start + $0)
            } + pieces.trades(until: Self.start + 60_000_000)
        #expect(trades.count > 500)
        #expect(trades == inPieces)
        #expect(trades != other.trades(until: Self.start + 60_000_000))

        let timeframes = ["1s", "1m", "5m"].compactMap { Timeframe($0) }
        let forward = timeframes.map { whole.bars(of: InstrumentID(1), timeframe: $0, count: 300) }
        var fresh = try market()
        let backward = timeframes.reversed().map { fresh.bars(of: InstrumentID(1), timeframe: $0, count: 300) }
        #expect(forward == backward.reversed())
    }

    @Test("history ends at the start, is consecutive, and has one path in every timeframe")
    func history() throws {
        var market = try market(Self.calm)
        var closes: [Timestamp: Double] = [:]
        for name in ["1s", "7s", "1m", "5m", "1h"] {
            let timeframe = try #require(Timeframe(name))
            let bars = market.bars(of: InstrumentID(2), timeframe: timeframe, count: 400)
            #expect(bars.count == 400)
            #expect(bars.map(\.slot) == Array((bars[0].slot)..<(bars[0].slot + 400)))
            let end = try #require(bars.last).closeTime
            #expect(end <= Self.start)
            #expect(end + timeframe.microseconds > Self.start)
            for bar in bars {
                let prices = try #require(bar.prices)
                #expect(bar.origin == .klines && bar.state == .traded)
                #expect(prices.low <= min(prices.open, prices.close) && prices.high >= max(prices.open, prices.close))
                #expect(prices.trades > 0 && prices.volume > 0)
                #expect(closes[bar.closeTime] == nil || closes[bar.closeTime] == prices.close)
                closes[bar.closeTime] = prices.close
            }
            for (bar, next) in zip(bars, bars.dropFirst()) { #expect(bar.prices?.close == next.prices?.open) }
        }
    }

    @Test("past ticks are the last trades of the bars of a second, and none where a bar is carried", arguments: 0..<4)
    func ticks(instrument: Int) throws {
        var market = try market()
        let id = InstrumentID(instrument)
        let bars = market.bars(of: id, timeframe: .second, count: 900)
        let ticks = market.ticks(of: id, seconds: 900)
        #expect(ticks.map { Timeframe.second.slot(of: $0.time) } == bars.filter { $0.state == .traded }.map(\.slot))
        #expect(ticks.map(\.price.doubleValue) == bars.filter { $0.state == .traded }.map { $0.prices?.close })
        #expect(market.ticks(of: id, seconds: 1_000_000).count <= 7_260)
        #expect(market.ticks(of: InstrumentID(99), seconds: 900).isEmpty)
    }

    @Test("the extremes of a bar are those of the shorter bars within")
    func extremes() throws {
        var market = try market(Self.calm)
        let minute = try #require(Timeframe("1m"))
        let five = try #require(Timeframe("5m"))
        let bars = market.bars(of: InstrumentID(0), timeframe: five, count: 200)
        let parts = market.bars(of: InstrumentID(0), timeframe: minute, count: 1005)
        for bar in bars {
            let within = parts.filter { $0.openTime >= bar.openTime && $0.closeTime <= bar.closeTime }
            #expect(within.count == 5)
            #expect(within.compactMap(\.prices?.high).max() == bar.prices?.high)
            #expect(within.compactMap(\.prices?.low).min() == bar.prices?.low)
            #expect(within.compactMap(\.prices?.trades).reduce(0, +) == bar.prices?.trades)
        }
    }

    @Test("bars of full minutes have any length of history, others two hours")
    func reach() throws {
        var market = try market(Self.calm)
        let minute = try #require(Timeframe("1m"))
        #expect((7200...7260).contains(market.bars(of: InstrumentID(0), timeframe: try second, count: 100_000).count))
        #expect(market.bars(of: InstrumentID(0), timeframe: minute, count: 3000).count == 3000)
        #expect(market.bars(of: InstrumentID(9), timeframe: minute, count: 10).isEmpty)
        #expect(market.bars(of: InstrumentID(0), timeframe: minute, count: 0).isEmpty)
    }

    @Test("the first trades continue at the end of history", arguments: 0..<4)
    func continuity(instrument: Int) throws {
        var market = try market(Self.calm)
        let last = try #require(market.bars(of: InstrumentID(instrument), timeframe: try second, count: 1).last?.prices)
        let trades = market.trades(until: market.start + 20_000_000)
        let first = try #require(trades.first { $0.instrument == InstrumentID(instrument) })
        let seconds = Double(first.time - market.start) / 1e6
        // Eight standard deviations of a driver that is followed 1.5-fold, and the spread's range.
        let bound = 8 * 2e-4 * 1.5 * max(1, seconds).squareRoot() + 2e-3
        #expect(abs(log(first.price.doubleValue / last.close)) < bound)
    }

    @Test("trades are in order with ids without a gap, on ticks, at the configured rate")
    func trades() throws {
        var market = try market(Self.calm)
        market.resume(InstrumentID(3), after: 41)
        let seconds: Int64 = 400
        let trades = market.trades(until: market.start + (seconds * 1_000_000 - 1))
        #expect(trades.map(\.time) == trades.map(\.time).sorted())
        #expect(trades.allSatisfy { $0.time >= market.start && $0.discard == nil && $0.quantity.mantissa > 0 })
        for (index, instrument) in market.configuration.instruments.enumerated() {
            let own = trades.filter { $0.instrument == InstrumentID(index) }
            let first: Int64 = index == 3 ? 42 : 1
            #expect(own.map(\.id) == Array(first..<(first + Int64(own.count))))
            #expect(own.allSatisfy { Int($0.price.scale) == instrument.priceDecimals })
            let mean = instrument.tradesPerSecond * Double(seconds)
            #expect(abs(Double(own.count) - mean) < 5 * mean.squareRoot())
        }
        #expect(Set(trades.map(\.takerSide)) == [.buy, .sell])
    }

    /// The ordinary least squares slope of log y on log x.
    private func slope(_ y: [Bar], _ x: [Bar]) -> Double {
        let y = y.compactMap(\.prices?.close).map { log($0) }
        let x = x.compactMap(\.prices?.close).map { log($0) }
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        return covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    }

    @Test("hedge ratios estimated from history are around the true value over 200 seeds", arguments: 1...3)
    func hedgeRatio(follower: Int) throws {
        let truth = Self.calm.instruments[follower].hedgeRatio
        let estimates = try (0..<200).map { seed in
            var market = try market(Self.calm, seed: UInt64(seed))
            let y = market.bars(of: InstrumentID(follower), timeframe: try second, count: 240)
            return slope(y, market.bars(of: InstrumentID(0), timeframe: try second, count: 240))
        }
        let mean = estimates.reduce(0, +) / 200
        let deviation = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199).squareRoot()
        #expect(abs(mean - truth) < 4 * deviation / 200.squareRoot())
        #expect(estimates.count { abs($0 - truth) < 3 * deviation } >= 190)
        #expect(deviation < 1)
    }

    @Test(
        "the spread of the past has the standard deviation and the half-life of its process",
        arguments: [("1s", 1), ("1m", 3)]
    )
    func spread(name: String, follower: Int) throws {
        let timeframe = try #require(Timeframe(name))
        // Trades are frequent, so that the last one of a bar is close to the process at its end.
        var busy = Self.calm
        for index in busy.instruments.indices { busy.instruments[index].tradesPerSecond = 1000 }
        let truth = busy.instruments[follower]
        var products = (lagged: 0.0, square: 0.0, count: 0.0)
        for seed in 0..<20 {
            var market = try market(busy, seed: UInt64(seed))
            let y = market.bars(of: InstrumentID(follower), timeframe: timeframe, count: 2000)
            let x = market.bars(of: InstrumentID(0), timeframe: timeframe, count: 2000)
            let intercept = log(truth.price) - truth.hedgeRatio * log(Self.calm.instruments[0].price)
            let spread = zip(y, x).compactMap { y, x in
                y.prices.flatMap { y in x.prices.map { log(y.close) - truth.hedgeRatio * log($0.close) - intercept } }
            }
            for (value, next) in zip(spread, spread.dropFirst()) {
                products.lagged += value * next
                products.square += value * value
                products.count += 1
            }
        }
        let deviation = (products.square / products.count).squareRoot()
        let halfLife = -timeframe.seconds / log2(products.lagged / products.square)
        #expect(abs(deviation / truth.spreadVolatility - 1) < 0.1)
        #expect(abs(halfLife / truth.halfLife - 1) < 0.15)
    }

    /// Otherwise the first bars of a run would look like a structural break after the warm start.
    @Test(
        "the last prices of the past are as old, and its returns as correlated, as those of the present",
        arguments: 1...3
    )
    func pastAndPresent(follower: Int) throws {
        let count = 4000
        var market = try market(Self.calm)
        let past = try [follower, 0].map { index in
            try market.bars(of: InstrumentID(index), timeframe: second, count: count).map { bar in
                try (close: #require(bar.prices).close, isFresh: bar.state == .traded)
            }
        }
        let trades = market.trades(until: market.start + Int64(count) * 1_000_000)
        let present = [follower, 0].map { index in
            var closes = [(close: Double, isFresh: Bool)](repeating: (.nan, false), count: count)
            for trade in trades where trade.instrument == InstrumentID(index) {
                let slot = Int((trade.time - market.start) / 1_000_000)
                if slot < count { closes[slot] = (trade.price.doubleValue, true) }
            }
            for slot in 1..<count where closes[slot].close.isNaN { closes[slot].close = closes[slot - 1].close }
            return closes
        }
        func freshness(_ closes: [(close: Double, isFresh: Bool)]) -> Double {
            Double(closes.count(where: \.isFresh)) / Double(closes.count)
        }
        func correlation(_ legs: [[(close: Double, isFresh: Bool)]]) -> Double {
            let returns = legs.map { leg in
                zip(leg.dropFirst(10), leg.dropFirst(11)).map { log($1.close / $0.close) }
            }
            let products = zip(returns[0], returns[1]).reduce((0.0, 0.0, 0.0)) { sums, pair in
                (sums.0 + pair.0 * pair.1, sums.1 + pair.0 * pair.0, sums.2 + pair.1 * pair.1)
            }
            return products.0 / (products.1 * products.2).squareRoot()
        }
        #expect(abs(freshness(past[0]) - freshness(present[0])) < 0.04)
        #expect(abs(correlation(past) - correlation(present)) < 0.06)
    }

    @Test("episodes begin at their time and repeat every fifteen minutes")
    func schedule() {
        let episode = SimulatedEpisode(.silentFeed, of: "A", start: 120, duration: 50)
        for (elapsed, isActive) in [
            (0.0, false), (119, false), (120, true), (169, true), (170, false), (1020, true), (1069.5, true),
            (1070, false),
        ] {
            #expect(episode.isActive(at: elapsed) == isActive)
        }
    }

    @Test("a silent feed delivers nothing for its duration and then continues with a jump in the ids")
    func silentFeed() throws {
        let episodes = [SimulatedEpisode(.silentFeed, of: "ETHUSDT", start: 20, duration: 50)]
        var market = try market(SimulatedMarketConfiguration(episodes: episodes))
        let trades = market.trades(until: market.start + 100_000_000).filter { $0.instrument == InstrumentID(1) }
        let silence = (market.start + 20_000_000)..<(market.start + 70_000_000)
        #expect(!trades.contains { silence.contains($0.time) })
        let jumps = zip(trades, trades.dropFirst()).filter { $1.id != $0.id + 1 }
        #expect(jumps.count == 1)
        let jump = try #require(jumps.first)
        #expect(jump.0.time < silence.lowerBound && jump.1.time >= silence.upperBound)
        let missing = Double(jump.1.id - jump.0.id)
        #expect(abs(missing - 400) < 5 * 400.squareRoot())
        let undelivered = market.undelivered(of: InstrumentID(1), ids: 0...(.max))
        #expect(undelivered.map(\.id) == Array((jump.0.id + 1)..<jump.1.id))
        #expect(undelivered.allSatisfy { silence.contains($0.time) })
    }

    @Test("a market has the start of a feed's silence until it delivers again")
    func silence() throws {
        let episodes = [SimulatedEpisode(.silentFeed, of: "ETHUSDT", start: 20, duration: 50)]
        var market = try market(SimulatedMarketConfiguration(episodes: episodes))
        _ = market.trades(until: market.start + 15_000_000)
        #expect(market.silence(of: InstrumentID(1)) == nil)
        _ = market.trades(until: market.start + 60_000_000)
        let silence = try #require(market.silence(of: InstrumentID(1)))
        #expect(silence >= market.start + 20_000_000 && silence < market.start + 25_000_000)
        #expect(market.silence(of: InstrumentID(0)) == nil)
        _ = market.trades(until: market.start + 80_000_000)
        #expect(market.silence(of: InstrumentID(1)) == nil)
    }

    /// Standard deviation of the spread's moves from second to second in a part of the run.
    private func roughness(_ trades: [Trade], _ market: SimulatedMarket, seconds: Range<Int>) -> Double {
        var last: [InstrumentID: Double] = [:]
        var spreads: [Double] = []
        var second = 0
        let ratio = market.configuration.instruments[2].hedgeRatio
        for trade in trades {
            let now = Int((trade.time - market.start) / 1_000_000)
            if now > second, let y = last[InstrumentID(2)], let x = last[InstrumentID(0)] {
                if seconds.contains(second) { spreads.append(log(y) - ratio * log(x)) }
                second = now
            }
            last[trade.instrument] = trade.price.doubleValue
        }
        let moves = zip(spreads, spreads.dropFirst()).map { $1 - $0 }
        return (moves.reduce(0) { $0 + $1 * $1 } / Double(moves.count)).squareRoot()
    }

    @Test("prices move within a second as a random walk does, those of a follower with its driver's")
    func pathWithinSecond() throws {
        let instruments = ["AUSDT", "BUSDT"].map { symbol in
            symbol == "AUSDT"
                ? SimulatedInstrument.randomWalk(
                    symbol,
                    price: 100,
                    volatility: 2e-4,
                    tradesPerSecond: 100,
                    priceDecimals: 8
                )
                : .follower(
                    symbol,
                    of: "AUSDT",
                    price: 100,
                    hedgeRatio: 1.5,
                    halfLife: 10,
                    spreadVolatility: 0,
                    tradesPerSecond: 100,
                    priceDecimals: 8
                )
        }
        var market = try market(SimulatedMarketConfiguration(instruments: instruments, episodes: []))
        let seconds = 300
        let trades = market.trades(until: market.start + Int64(seconds) * 1_000_000)
        for (index, deviation) in [(0, 2e-4), (1, 3e-4)] {
            let levels = trades.filter { $0.instrument == InstrumentID(index) }.map { log($0.price.doubleValue) }
            let variance = zip(levels, levels.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
            #expect(abs(variance / (deviation * deviation * Double(seconds)) - 1) < 0.1)
        }
        // There are about five milliseconds between a trade of one and the next of the other.
        var last = [0.0, 0.0]
        var distances: [Double] = []
        for trade in trades {
            last[Int(trade.instrument.index)] = log(trade.price.doubleValue / 100)
            distances.append(last[1] - 1.5 * last[0])
        }
        let square = distances.dropFirst(200).reduce(0) { $0 + $1 * $1 } / Double(distances.count - 200)
        #expect(square.squareRoot() < 0.15 * 3e-4)
    }

    @Test("a volatility burst makes the spread several times rougher while it lasts")
    func volatilityBurst() throws {
        let episodes = [SimulatedEpisode(.volatilityBurst, of: "SOLUSDT", start: 100, duration: 100)]
        var market = try market(SimulatedMarketConfiguration(episodes: episodes))
        let trades = market.trades(until: market.start + 320_000_000)
        let before = roughness(trades, market, seconds: 0..<100)
        #expect(roughness(trades, market, seconds: 100..<200) > 2 * before)
        #expect(roughness(trades, market, seconds: 205..<305) < 1.5 * before)

        var lesser = SimulatedMarketConfiguration(episodes: episodes)
        lesser.episodes[0].factor = 1
        market = try self.market(lesser)
        let calm = market.trades(until: market.start + 200_000_000)
        #expect(roughness(calm, market, seconds: 100..<200) < 1.5 * before)
    }

    @Test("a decoupled instrument diverges from its driver and converges afterwards")
    func decoupling() throws {
        let truth = SimulatedMarketConfiguration.standardInstruments[1]
        var departures = 0
        var returns = 0
        for seed in 0..<20 {
            let episodes = [SimulatedEpisode(.decoupling, of: "ETHUSDT", start: 30, duration: 90)]
            var market = try market(SimulatedMarketConfiguration(episodes: episodes), seed: UInt64(seed))
            let trades = market.trades(until: market.start + 240_000_000)
            func spread(at second: Int64) -> Double {
                func price(_ index: Int) -> Double {
                    let moment = market.start + second * 1_000_000
                    return trades.last { $0.instrument == InstrumentID(index) && $0.time <= moment }?.price.doubleValue
                        ?? .nan
                }
                return log(price(1) / truth.price) - truth.hedgeRatio * log(price(0) / 60_000)
            }
            if abs(spread(at: 120)) > 3 * truth.spreadVolatility { departures += 1 }
            if abs(spread(at: 220)) < 4 * truth.spreadVolatility { returns += 1 }
        }
        #expect(departures >= 14)
        #expect(returns == 20)
    }

    @Test("the standard episodes contain each kind within ten minutes, and none in the first two")
    func standardEpisodes() {
        let episodes = SimulatedMarketConfiguration.standardEpisodes
        #expect(Set(episodes.map(\.kind)) == Set(SimulatedEpisode.Kind.allCases))
        #expect(episodes.allSatisfy { $0.start >= 120 && $0.start + $0.duration <= SimulatedEpisode.period })
    }

    @Test("an invalid configuration is refused with a reason")
    func validation() throws {
        typealias Change = (inout SimulatedMarketConfiguration) -> Void
        let changes: [Change] = [
            { $0.instruments.append($0.instruments[0]) },
            { $0.instruments[1].driver = "NONE" },
            { $0.instruments[1].driver = "SOLUSDT" },
            { $0.instruments[1].driver = "ETHUSDT" },
            { $0.instruments[0].price = 0 },
            { $0.instruments[0].price = .nan },
            { $0.instruments[0].volatility = -1 },
            { $0.instruments[1].halfLife = 0 },
            { $0.instruments[1].spreadVolatility = .infinity },
            { $0.instruments[1].tradesPerSecond = -1 },
            { $0.instruments[1].priceDecimals = 30 },
            { $0.instruments[1].meanQuantity = 0 },
            { $0.episodes[0].instrument = "NONE" },
            { $0.episodes[0].duration = 900 },
            { $0.episodes[0].start = -1 },
            { $0.episodes[0].factor = .nan },
        ]
        for change in changes {
            var configuration = SimulatedMarketConfiguration()
            change(&configuration)
            #expect(throws: SimulatedMarketError.self) { try configuration.validate() }
        }
        try SimulatedMarketConfiguration().validate()
        try SimulatedMarketConfiguration(instruments: [], episodes: []).validate()
    }
}

import MarketData
import SimulatedMarket
import TestSupport
import Testing
import TradeFeeds

@Suite struct SimulatedFeedTests {
    /// Two of the market's instruments with other ids than in the market, after one of another venue.
    private static let table = StreamTable([
        TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: "BTCUSDT"), name: "aggTrade"),
        TradeStream(instrument: Instrument(venue: .simulated, symbol: "ETHUSDT"), name: SimulatedFeed.streamName),
        TradeStream(instrument: Instrument(venue: .simulated, symbol: "BTCUSDT"), name: SimulatedFeed.streamName),
    ])

    @Test("it delivers the trades of the table's instruments in real time after the known ids")
    func trades() async throws {
        let feed = try SimulatedFeed(configuration: SimulatedMarketConfiguration(), streams: Self.table)
        let positions = [InstrumentID(1): StreamPosition(lastID: 1000, lastTime: Timestamp(microseconds: 0))]
        let events = try await EventCollector.run(feed, resuming: positions) { events in
            Set(events.trades.map(\.instrument)).count == 2 && events.times.count > 10
        }
        #expect(Set(events.trades.map(\.instrument)) == [InstrumentID(1), InstrumentID(2)])
        #expect(events.trades.first { $0.instrument == InstrumentID(1) }?.id == 1001)
        #expect(events.trades.first { $0.instrument == InstrumentID(2) }?.id == 1)
        #expect(events.trades.map(\.time) == events.trades.map(\.time).sorted())
        #expect(events.times.map(\.time) == events.times.map(\.time).sorted())
        #expect(events.states == [.connecting, .flowing])
        let last = try #require(events.times.last)
        #expect(last.isFlowing)
        #expect(events.trades.allSatisfy { $0.time <= last.time })
        #expect(feed.counters.snapshot().state == .stopped)
    }

    @Test("history has the ids of the table and ends before the first trade")
    func history() async throws {
        let feed = try SimulatedFeed(configuration: SimulatedMarketConfiguration(), streams: Self.table)
        let minute = try #require(Timeframe("1m"))
        let bars = try await feed.history(of: InstrumentID(1), timeframe: minute, count: 100)
        #expect(bars.count == 100)
        #expect(bars.allSatisfy { $0.instrument == InstrumentID(1) })
        #expect(try await feed.history(of: InstrumentID(0), timeframe: minute, count: 100).isEmpty)
        let events = try await EventCollector.run(feed) { !$0.trades.isEmpty }
        #expect(try #require(bars.last).closeTime <= events.trades[0].time)
    }

    @Test("an unknown stream is refused by name")
    func unknownSymbol() {
        let streams = StreamTable([
            TradeStream(instrument: Instrument(venue: .simulated, symbol: "DOGEUSDT"), name: "trade")
        ])
        #expect {
            try SimulatedFeed(configuration: SimulatedMarketConfiguration(), streams: streams)
        } throws: { error in
            "\(error)".contains("DOGEUSDT") && "\(error)".contains("BTCUSDT")
        }
    }

    @Test("a silent stream is reported dead, and its undelivered trades are repaired")
    func silence() async throws {
        // The silence is longer than any delay of the test on a busy machine.
        let episodes = [SimulatedEpisode(.silentFeed, of: "ETHUSDT", start: 1, duration: 500)]
        let feed = try SimulatedFeed(
            configuration: SimulatedMarketConfiguration(episodes: episodes),
            streams: Self.table
        )
        let silent = InstrumentID(1)
        let collector = EventCollector()
        @Sendable func ids() -> [Int64] {
            collector.events.trades.filter { $0.instrument == silent }.map(\.id)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let missing: @Sendable () async -> [RepairRequest] = {
                    guard !collector.events.health.isEmpty else { return [] }
                    let next = (ids().max() ?? 0) + 1
                    return [RepairRequest(instrument: silent, ids: next...next, before: Timestamp(microseconds: .max))]
                }
                try? await feed.run(resuming: [:], missing: missing) { collector.record($0) }
            }
            group.addTask {
                try await eventually { feed.counters.snapshot().repairRequests[.success, default: 0] >= 2 }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        #expect(collector.events.health.map(\.0) == [silent])
        #expect(collector.events.unrepairable.isEmpty)
        #expect(ids() == Array(1...Int64(ids().count)))
    }

    @Test("ids that the market never assigned are unrepairable")
    func unrepairable() async throws {
        let feed = try SimulatedFeed(configuration: SimulatedMarketConfiguration(), streams: Self.table)
        let collector = EventCollector()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let missing: @Sendable () async -> [RepairRequest] = {
                    [RepairRequest(instrument: InstrumentID(1), ids: -9...(-5), before: Timestamp(microseconds: 0))]
                }
                try? await feed.run(resuming: [:], missing: missing) { collector.record($0) }
            }
            group.addTask { try await eventually { !collector.events.unrepairable.isEmpty } }
            defer { group.cancelAll() }
            try await group.next()
        }
        #expect(collector.events.unrepairable.first == -9...(-5))
    }
}

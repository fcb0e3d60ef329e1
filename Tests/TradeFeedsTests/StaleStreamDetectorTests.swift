import MarketData
import Testing
import TradeFeeds
import VenueSimulator

/// A stream that is silent among others that flow, and a connection that gives way to another one.
@Suite struct StaleStreamDetectorTests {
    private static let trades = Fixtures.trades(20_000)
    private static let recording = VenueRecording(trades: trades, event: .aggTrade)

    @Test("a dead stream is told, asked for again on its connection, and costs the others nothing")
    func deadStream() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.frames(100), .mute(["btcusdt@aggTrade"]), .frames(perSecond: 100)])
        }
        let feed = try Fixtures.feed(venue, idleTimeout: .seconds(1))
        let events = try await EventCollector.run(feed) { events in
            events.health.contains { $0.0 == InstrumentID(0) && $0.1 == .dead } && !venue.log.requests.isEmpty
        }
        await venue.stop()
        #expect(feed.counters.snapshot().resubscribes >= 1)
        #expect(venue.log.requests.first == #"{"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}"#)
        // What the venue has is handed over, so that the gap shows.
        #expect(events.trades.contains { $0.instrument == InstrumentID(0) && $0.id == 10_000 })
        #expect(!events.health.contains { $0.0 == InstrumentID(1) && $0.1 == .dead })
    }

    @Test("a stream that stays dead gets another connection, which flows before the first closes")
    func staysDead() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.frames(100), .mute(["btcusdt@aggTrade"], forGood: true), .frames(perSecond: 100)])
        } rest: { number, target in
            // The venue trades on, a thousand ids from one question to the next.
            target.contains("/aggTrades") ? .without(Int64(100 + number * 100)...(.max)) : .answer
        }
        // Long enough that a busy machine does not take the connection for idle.
        let feed = try Fixtures.feed(venue, idleTimeout: .seconds(3))
        _ = try await EventCollector.run(feed) { _ in
            feed.counters.snapshot().disconnects[.deadStream] ?? 0 >= 1
        }
        await venue.stop()
        #expect(feed.counters.snapshot().connects >= 2)
    }

    @Test("a stream of which the venue has nothing new is quiet, however long")
    func quietStream() async throws {
        let bitcoin = Self.trades.filter { $0.symbol == "BTCUSDT" }
        let ether = Array(Self.trades.filter { $0.symbol == "ETHUSDT" }.prefix(1))
        let recording = VenueRecording(trades: ether + bitcoin, event: .aggTrade)
        let venue = try await VenueSimulator.start(recording) { _ in .serve([.frames(perSecond: 100)]) }
        let feed = try Fixtures.feed(venue, idleTimeout: .seconds(1))
        let events = try await EventCollector.run(feed) { $0.quiet.contains(InstrumentID(1)) }
        await venue.stop()
        #expect(!events.health.contains { $0.1 == .dead })
        #expect(feed.counters.snapshot().resubscribes == 0)
        #expect(venue.log.requests.isEmpty)
    }

    @Test("before the venue cuts a connection for its age another one flows, and nothing is lost between them")
    func lifetime() async throws {
        // Every connection brings what happens while it is open, and nothing else.
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.live(perSecond: 100)]) }
        let feed = try Fixtures.feed(venue, connectionLifetime: .milliseconds(500))
        let events = try await EventCollector.run(feed) { events in
            feed.counters.snapshot().disconnects[.lifetime] ?? 0 >= 2
        }
        await venue.stop()
        #expect(feed.counters.snapshot().connects >= 3)
        #expect(feed.counters.snapshot().disconnects.allSatisfy { $0.key == .lifetime || $0.value == 0 })
        // It flowed all the time.
        #expect(events.states == [.connecting, .subscribed, .flowing])
        #expect(events.health.isEmpty)
        for id in [InstrumentID(0), InstrumentID(1)] {
            let ids = Set(events.trades.lazy.filter { $0.instrument == id }.map(\.id))
            let first = try #require(ids.min())
            let last = try #require(ids.max())
            #expect(ids == Set(first...last))
        }
        // Both connections have brought what happened while they overlapped.
        #expect(Set(events.trades).count < events.trades.count)
    }
}

import MarketData
import TestSupport
import Testing
import TradeFeeds
import VenueSimulator

/// A stream without trades while others flow, and a connection that is replaced.
@Suite struct StaleStreamDetectorTests {
    private static let trades = Fixtures.trades(20_000)
    private static let recording = VenueRecording(trades: trades, event: .aggTrade)

    @Test("a dead stream is reported and subscribed again on its connection without a loss for others")
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
        // The venue's last trade is delivered, so that the gap is detected.
        #expect(events.trades.contains { $0.instrument == InstrumentID(0) && $0.id == 10_000 })
        #expect(!events.health.contains { $0.0 == InstrumentID(1) && $0.1 == .dead })
    }

    @Test("a stream that stays dead gets another connection, which flows before the first closes")
    func staysDead() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.frames(100), .mute(["btcusdt@aggTrade"], permanently: true), .frames(perSecond: 100)])
        } rest: { number, target in
            // The venue continues to trade, a thousand ids from one request to the next.
            target.contains("/aggTrades") ? .without(Int64(100 + number * 100)...(.max)) : .answer
        }
        // The timeout is long enough that the connection is not idle on a busy machine.
        let feed = try Fixtures.feed(venue, idleTimeout: .seconds(3))
        _ = try await EventCollector.run(feed) { _ in
            feed.counters.snapshot().disconnects[.deadStream] ?? 0 >= 1
        }
        await venue.stop()
        #expect(feed.counters.snapshot().connects >= 2)
    }

    @Test("a stream without new trades at the venue is quiet for any time")
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

    @Test("a connection is replaced before the venue's maximum age without a loss")
    func lifetime() async throws {
        // Every connection delivers only the trades during its time.
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
        // Both connections have delivered the trades of the overlap.
        #expect(Set(events.trades).count < events.trades.count)
    }
}

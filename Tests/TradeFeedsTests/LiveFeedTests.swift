import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import VenueSimulator

/// The behaviour that all venues share, tested with one of them: the connection and its ends.
@Suite(.serialized) struct LiveFeedTests {
    private static let recording = VenueRecording(trades: Fixtures.trades(200), event: .aggTrade)

    /// Runs a feed against a venue until all 200 trades have arrived and the venue has received a number of close
    /// frames.
    private func runToEnd(
        closeFrames: Int = 0,
        script: @escaping @Sendable (Int) -> VenueScript
    ) async throws -> (events: EventCollector.Events, counts: FeedCounts, log: VenueLog) {
        let venue = try await VenueSimulator.start(Self.recording, script: script)
        let feed = try Fixtures.feed(venue)
        let events = try await EventCollector.run(feed) {
            $0.trades.count >= 200 && venue.log.closeCodes.count >= closeFrames
        }
        await venue.stop()
        return (events, feed.counters.snapshot(), venue.log)
    }

    @Test("fragmented messages are joined", arguments: [2, 3, 50])
    func fragments(count: Int) async throws {
        let run = try await runToEnd { _ in .serve([.frames(fragments: count)]) }
        #expect(run.events.trades.map(\.id) == Fixtures.trades(200).map(\.id))
        #expect(run.counts.frames == 200)
        #expect(run.counts.receivedBytes == Self.recording.frames.map(\.text.utf8.count).reduce(0, +))
    }

    @Test("a ping between fragments is answered with its payload, masked")
    func ping() async throws {
        let head: [UInt8] = [0x01, 0x01, UInt8(ascii: "{")]
        let ping: [UInt8] = [0x89, 0x02, UInt8(ascii: "h"), UInt8(ascii: "i")]
        let tail: [UInt8] = [0x80, 0x01, UInt8(ascii: "}")]
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.ping("first"), .raw(head + ping + tail), .frames(100), .ping(""), .frames()])
        }
        let feed = try Fixtures.feed(venue)
        let events = try await EventCollector.run(feed) { $0.trades.count == 200 && venue.log.pongs.count == 3 }
        await venue.stop()
        #expect(events.trades.count == 200)
        #expect(venue.log.pongs == ["first", "hi", ""])
        #expect(venue.log.unmaskedFrames == 0)
        #expect(feed.counters.snapshot().ignoredEvents == 1)
    }

    @Test("frames that arrive with the response to the handshake are not lost")
    func framesWithHandshake() async throws {
        let run = try await runToEnd { _ in .serve([.frames()]) }
        #expect(run.events.trades.count == 200)
        #expect(run.events.states.starts(with: [.connecting, .subscribed, .flowing]))
        #expect(run.counts.state == .stopped)
    }

    @Test(
        "a close, a drop, a reset and a protocol violation are distinguished, and the next connection continues",
        arguments: [
            (VenueStep.close(code: 1000), DisconnectReason.closed, 1000 as UInt16?), (.drop, .closed, nil),
            (.reset, .error, nil), (.raw([0xC1, 0x00]), .protocolError, 1002),
            (.raw([0x80, 0x00]), .protocolError, 1002),
            (.raw([0x89, 0x7E, 0x00, 0x80]), .protocolError, 1002),
        ]
    )
    func reconnects(step: VenueStep, reason: DisconnectReason, answer: UInt16?) async throws {
        let run = try await runToEnd(closeFrames: answer == nil ? 0 : 1) { number in
            number == 0 ? .serve([.frames(20), .confirm, step]) : .serve([.frames()])
        }
        #expect(run.events.trades.map(\.id) == Fixtures.trades(200).map(\.id))
        #expect(run.counts.connects == 2)
        #expect(run.counts.disconnects[reason] == 1)
        #expect(run.counts.disconnects.values.reduce(0, +) == 1)
        #expect(run.events.states.prefix(5) == [.connecting, .subscribed, .flowing, .backingOff, .connecting])
        #expect(run.events.times.contains { !$0.isFlowing })
        if let answer { #expect(run.log.closeCodes.first == answer) }
    }

    @Test("a refused handshake is counted and tried again")
    func handshakeRefused() async throws {
        let log = CapturedLog()
        let venue = try await VenueSimulator.start(Self.recording) { number in
            number == 0 ? .refuse(status: 429, headers: ["Retry-After": "1"]) : .serve([.frames()])
        }
        let feed = try Fixtures.feed(venue, logger: log.logger)
        let events = try await EventCollector.run(feed) { $0.trades.count == 200 }
        await venue.stop()
        #expect(events.trades.count == 200)
        #expect(feed.counters.snapshot().disconnects[.handshake] == 1)
        #expect(feed.counters.snapshot().connects == 1)
        // The log contains the event and the reaction.
        #expect(log.text.contains("connecting again"))
        #expect(log.text.contains("429 Too Many Requests, Retry-After 1"))
        #expect(log.text.contains(venue.webSocketURL + "/market/stream"))
    }

    @Test("a port without a server is counted as connect and tried again")
    func connectRefused() async throws {
        let venue = try await VenueSimulator.start(Self.recording)
        await venue.stop()
        let feed = try Fixtures.feed(venue)
        let events = try await EventCollector.run(feed) { $0.states.filter { $0 == .backingOff }.count >= 2 }
        #expect(feed.counters.snapshot().disconnects[.connect] ?? 0 >= 2)
        #expect(!events.states.contains(.subscribed))
    }

    @Test("refused candles are reported and counted")
    func candlesRefused() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.frames()])
        } rest: { _, _ in
            .refuse(status: 503)
        }
        let feed = try Fixtures.feed(venue)
        let minute = try #require(Timeframe("1m"))
        await #expect(throws: (any Error).self) {
            try await feed.candles(of: InstrumentID(0), timeframe: minute, count: 10)
        }
        #expect(feed.counters.snapshot().failedRequests == 1)
        await venue.stop()
    }

    @Test("over TLS a trusted root is accepted, for the streams and for REST")
    func trustedTLS() async throws {
        let venue = try await VenueSimulator.start(Self.recording, tls: TestCertificates.venue)
        try await TemporaryFolder.withFile(TestCertificates.authority.utf8) { path in
            let feed = try Fixtures.feed(venue, trustRootsFile: path)
            let events = try await EventCollector.run(feed) { $0.trades.count == 200 && !$0.clockOffsets.isEmpty }
            #expect(events.trades.count == 200)
            #expect(feed.counters.snapshot().disconnects.values.allSatisfy { $0 == 0 })
            #expect(feed.counters.snapshot().failedRequests == 0)
        }
        await venue.stop()
    }

    @Test("an untrusted certificate, and one of another host, are refused", arguments: [true, false])
    func untrustedTLS(isOtherHost: Bool) async throws {
        let identity = isOtherHost ? TestCertificates.otherHost : TestCertificates.venue
        let venue = try await VenueSimulator.start(Self.recording, tls: identity)
        try await TemporaryFolder.withFile(TestCertificates.authority.utf8) { path in
            let feed = try Fixtures.feed(venue, trustRootsFile: isOtherHost ? path : nil)
            let events = try await EventCollector.run(feed) { $0.states.contains(.backingOff) }
            #expect(feed.counters.snapshot().disconnects[.tls] ?? 0 >= 1)
            #expect(events.trades.isEmpty && events.clockOffsets.isEmpty)
            #expect(!events.states.contains(.subscribed))
        }
        await venue.stop()
        #expect(venue.log.handshakes.isEmpty)
    }

    @Test(
        "the retired paths acknowledge, never flow, and are replaced as idle",
        arguments: ["/stream", "/ws"]
    )
    func retiredPath(path: String) async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.text(#"{"result":null,"id":1}"#), .frames(), .ping("alive")])
        }
        let feed = try RetiredPathFeed(url: venue.webSocketURL, path: path, idleTimeout: .seconds(1))
        let events = try await EventCollector.run(feed) { _ in
            let counts = feed.counters.snapshot()
            return counts.disconnects[.idle] ?? 0 >= 2 && counts.frames >= 2 && !venue.log.closeCodes.isEmpty
        }
        await venue.stop()
        #expect(!events.states.contains(.flowing))
        #expect(events.states.starts(with: [.connecting, .subscribed, .backingOff, .connecting]))
        #expect(events.trades.isEmpty && events.times.isEmpty)
        #expect(venue.log.handshakes.allSatisfy { $0 == path + "?streams=btcusdt@aggTrade/ethusdt@aggTrade" })
        #expect(venue.log.closeCodes.contains(1001))
        #expect(venue.log.framesSent == 0)
    }

    @Test("a silent connection is replaced, even with pings")
    func idle() async throws {
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            let pings = (0..<200).flatMap { _ in [VenueStep.ping("x"), .wait(.milliseconds(100))] }
            return .serve([.frames(10)] + pings)
        }
        let feed = try Fixtures.feed(venue, idleTimeout: .seconds(2))
        let events = try await EventCollector.run(feed) { $0.trades.count > 10 }
        await venue.stop()
        #expect(feed.counters.snapshot().disconnects[.idle] ?? 0 >= 1)
        #expect(events.states.contains(.backingOff))
        #expect(events.times.contains { !$0.isFlowing })
    }

    @Test("bad input is counted by reason and the connection continues", arguments: BadInput.all)
    func badInput(_ input: BadInput) async throws {
        let run = try await runToEnd { _ in .serve([.frames(100), .binary(input.bytes), .frames()]) }
        #expect(run.events.trades.map(\.id) == Fixtures.trades(200).map(\.id))
        #expect(run.counts.decodeFailures[input.failure] == 1)
        #expect(run.counts.decodeFailures.values.reduce(0, +) == 1)
        #expect(run.counts.connects == 1)
    }

    @Test("text from a peer cannot forge lines of the log or flood it")
    func logInjection() async throws {
        let log = CapturedLog()
        let venue = try await VenueSimulator.start(Self.recording) { _ in
            .serve([.text("torn\n{\u{1B}[31m"), .text("torn too"), .frames()])
        }
        let feed = try Fixtures.feed(venue, logger: log.logger)
        _ = try await EventCollector.run(feed) { $0.trades.count == 200 }
        await venue.stop()
        #expect(log.text.contains("torn·{·[31m"))
        #expect(!log.text.contains("torn too"))
    }

    @Test(
        "a record that is not a trade of the market is delivered as discarded",
        arguments: [
            (#""p":"1","q":"1","X":"ADL""#, DiscardReason.orderType),
            (#""p":"0","q":"1""#, .price),
            (#""p":"-0.5","q":"1""#, .price),
            (#""p":"1","q":"-1""#, .quantity),
            (#""p":"12345678901234567890","q":"1""#, .decimalOverflow),
        ]
    )
    func discarded(fields: String, reason: DiscardReason) async throws {
        let frame = #"{"e":"aggTrade","s":"BTCUSDT","a":101,"T":1723161600999,"m":true,\#(fields)}"#
        let venue = try await VenueSimulator.start(Self.recording) { _ in .serve([.frames(), .text(frame)]) }
        let feed = try Fixtures.feed(venue)
        let events = try await EventCollector.run(feed) { $0.trades.count == 201 }
        await venue.stop()
        #expect(events.trades.last?.discard == reason)
        #expect(events.trades.last?.id == 101)
        #expect(events.trades.dropLast().allSatisfy { $0.discard == nil })
    }

    @Test("a message above 1 MiB is counted, one above 32 MiB ends the connection with 1009")
    func giantFrames() async throws {
        let giant = [UInt8](repeating: UInt8(ascii: " "), count: 16 << 20)
        // A header that announces 33 MiB is enough.
        let announced: [UInt8] = [0x82, 127, 0, 0, 0, 0, 0x02, 0x10, 0, 0]
        let run = try await runToEnd(closeFrames: 1) { number in
            number == 0
                ? .serve([.frames(50), .binary(giant), .frames(50), .confirm, .raw(announced)])
                : .serve([.frames()])
        }
        #expect(run.events.trades.map(\.id) == Fixtures.trades(200).map(\.id))
        #expect(run.counts.decodeFailures[.oversized] == 1)
        #expect(run.counts.disconnects[.frameTooLarge] == 1)
        #expect(run.log.closeCodes.contains(1009))
    }

    @Test("a suspended sink stops the reading of the socket, and nothing is lost")
    func backpressure() async throws {
        let count = 60_000
        let recording = VenueRecording(trades: Fixtures.trades(count), event: .aggTrade)
        let venue = try await VenueSimulator.start(recording)
        let feed = try Fixtures.feed(venue)
        let gate = Gate()
        let collector = EventCollector()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await feed.run(resuming: [:]) { event in
                    collector.record(event)
                    if case .trades = event { try await gate.wait() }
                }
            }
            defer { group.cancelAll() }
            try await eventually { !collector.events.trades.isEmpty }
            var looksWithoutMore = 0
            var seen = 0
            try await eventually {
                let frames = feed.counters.snapshot().frames
                looksWithoutMore = frames == seen ? looksWithoutMore + 1 : 0
                seen = frames
                return looksWithoutMore == 100
            }
            #expect(seen < count)
            gate.open()
            try await eventually { collector.events.trades.count == count }
        }
        await venue.stop()
        #expect(collector.events.trades.map(\.id) == Fixtures.trades(count).map(\.id))
        #expect(feed.counters.snapshot().disconnects.values.allSatisfy { $0 == 0 })
    }

    @Test("cancellation closes the socket", arguments: [true, false])
    func cancellation(isTLS: Bool) async throws {
        try await TemporaryFolder.withFile(TestCertificates.authority.utf8) { path in
            let venue = try await VenueSimulator.start(Self.recording, tls: isTLS ? TestCertificates.venue : nil)
            let feed = try Fixtures.feed(venue, trustRootsFile: path)
            _ = try await EventCollector.run(feed) { $0.trades.count == 200 }
            #expect(feed.counters.snapshot().state == .stopped)
            try await eventually { venue.log.openConnections == 0 }
            await venue.stop()
        }
    }

    @Test("an error of the sink ends the run")
    func sinkError() async throws {
        let venue = try await VenueSimulator.start(Self.recording)
        let feed = try Fixtures.feed(venue)
        await #expect(throws: TestTimeout.self) {
            try await feed.run(resuming: [:]) { event in
                if case .trades = event { throw TestTimeout() }
            }
        }
        try await eventually { venue.log.openConnections == 0 }
        await venue.stop()
    }

    @Test("event time advances between trades and is the recording's, not the wall clock's")
    func eventTime() async throws {
        let venue = try await VenueSimulator.start(Self.recording)
        let feed = try Fixtures.feed(venue)
        let last = try #require(Fixtures.trades(200).last).time
        let events = try await EventCollector.run(feed) { $0.times.count { $0.time > last } >= 5 }
        await venue.stop()
        let times = events.times.map(\.time)
        #expect(times.allSatisfy { $0 < last + 60_000_000 })
        #expect(times == times.sorted())
        #expect(Set(times).count == times.count)
        #expect(events.times.allSatisfy { $0.isFlowing })
    }
}

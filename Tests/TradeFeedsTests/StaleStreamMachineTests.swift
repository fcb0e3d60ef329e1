import MarketData
import Testing

@testable import TradeFeeds

@Suite struct StaleStreamMachineTests {
    private typealias Action = StaleStreamMachine.Action

    private static let timeout = Duration.seconds(30)
    private static let connection = ConnectionID(part: 0, generation: 2)
    private static let stream = InstrumentID(4)

    /// A flowing connection and one of its streams.
    private struct Run {
        let activity = StreamActivity()
        var machine: StaleStreamMachine
        let opened = ContinuousClock.now
        var now: ContinuousClock.Instant

        init(lastID: Int64? = nil) {
            now = opened
            machine = StaleStreamMachine(connection: connection, opened: opened, timeout: timeout)
            let position = lastID.map { StreamPosition(lastID: $0, lastTime: Timestamp(microseconds: $0)) }
            activity.add([stream], positions: position.map { [stream: $0] } ?? [:])
        }

        /// A trade over the socket.
        func trade(_ id: Int64) {
            activity.record([StaleStreamMachineTests.trade(id)], on: connection, at: now)
        }

        mutating func handle(_ event: StaleStreamMachine.Event) -> [StaleStreamMachine.Action] {
            machine.handle(event, at: now)
        }

        /// Checks the stream after a duration.
        mutating func check(after duration: Duration) -> [StaleStreamMachine.Action] {
            now += duration
            _ = handle(.flowing([stream]))
            return handle(.observed(stream, activity[stream]))
        }

        /// Answers with the venue's newest trade.
        mutating func answer(_ id: Int64?) -> [StaleStreamMachine.Action] {
            let latest = id.map { StaleStreamMachine.Latest(id: $0, trades: [StaleStreamMachineTests.trade($0)]) }
            return handle(.answered(latest, activity[stream]))
        }
    }

    private static func trade(_ id: Int64) -> Trade {
        Trade(
            instrument: stream,
            id: id,
            time: Timestamp(microseconds: id),
            price: FixedDecimal(mantissa: 1, scale: 0),
            quantity: FixedDecimal(mantissa: 1, scale: 0),
            takerSide: .buy
        )
    }

    private func prove(_ id: Int64, _ time: Int64? = nil) -> Action {
        .prove(Self.stream, lastID: id, time: time.map { Timestamp(microseconds: $0) })
    }

    @Test("a stream is compared once it has been silent for the timeout")
    func silence() {
        var run = Run()
        #expect(run.check(after: .seconds(5)).isEmpty)
        run.trade(7)
        #expect(run.check(after: .seconds(20)) == [.recordTrade(Self.stream)])
        #expect(run.check(after: .seconds(9)).isEmpty)
        #expect(run.check(after: .seconds(1)) == [.request(Self.stream)])
        // There is one request per timeout.
        #expect(run.check(after: .seconds(29)).isEmpty)
    }

    @Test("a stream without newer trades at the venue is quiet, and its checks become less frequent")
    func quiet() {
        var run = Run()
        run.trade(7)
        _ = run.check(after: .zero)
        var looks: [Duration] = []
        var last = run.now
        while looks.count < 6 {
            guard run.check(after: .seconds(1)) == [.request(Self.stream)] else { continue }
            #expect(run.answer(7) == [.admit(Self.stream), prove(7), .showQuiet(Self.stream)])
            looks.append(run.now - last)
            last = run.now
        }
        #expect(looks == [30, 30, 60, 120, 120, 120].map { .seconds($0) })
    }

    @Test("a dead stream is subscribed again once, and then the connection is replaced")
    func dead() {
        var run = Run()
        run.trade(7)
        _ = run.check(after: .zero)
        #expect(run.check(after: Self.timeout) == [.request(Self.stream)])
        #expect(run.answer(9) == [.admit(Self.stream), .wait(Self.stream, StaleStreamMachine.grace)])
        let report = Action.reportDead(Self.stream, lastID: 7, venueLastID: 9, isFirst: true)
        let delivery: [Action] = [prove(9, 9), .deliver([Self.trade(9)])]
        #expect(
            run.handle(.waited(run.activity[Self.stream]))
                == [report, .showDead(Self.stream)] + delivery + [.renew(Self.stream)]
        )
        run.activity.prove(Self.stream, lastID: 9, time: nil, on: Self.connection)
        _ = run.check(after: Self.timeout)
        // It stays dead, although nothing is missing.
        #expect(run.answer(9) == [.admit(Self.stream), prove(9)])
        _ = run.check(after: Self.timeout)
        _ = run.answer(12)
        #expect(run.handle(.waited(run.activity[Self.stream])).last == .replace)
        run.trade(13)
        _ = run.check(after: Self.timeout)
        _ = run.check(after: Self.timeout)
        #expect(run.answer(13).last == .showQuiet(Self.stream))
    }

    @Test("a trade within the grace period is only late")
    func late() {
        var run = Run()
        run.trade(7)
        _ = run.check(after: .zero)
        _ = run.check(after: Self.timeout)
        _ = run.answer(9)
        run.now += StaleStreamMachine.grace
        run.trade(9)
        #expect(run.handle(.waited(run.activity[Self.stream])).isEmpty)
    }

    @Test("a trade before the connection is delivered, and does not make the stream dead")
    func olderConnection() {
        var run = Run(lastID: 7)
        #expect(run.check(after: .seconds(29)).isEmpty)
        #expect(run.check(after: .seconds(1)) == [.request(Self.stream)])
        #expect(run.answer(9) == [.admit(Self.stream), prove(9, 9), .deliver([Self.trade(9)])])
    }

    @Test("a lower id of a newer trade is a restart of the ids")
    func numbering() {
        var run = Run()
        run.trade(700)
        _ = run.check(after: .zero)
        _ = run.check(after: Self.timeout)
        let trade = Trade(
            instrument: Self.stream,
            id: 3,
            time: Timestamp(microseconds: 900),
            price: FixedDecimal(mantissa: 1, scale: 0),
            quantity: FixedDecimal(mantissa: 1, scale: 0),
            takerSide: .buy
        )
        let latest = StaleStreamMachine.Latest(id: 3, trades: [trade])
        let actions = run.handle(.answered(latest, run.activity[Self.stream]))
        #expect(actions.last == .wait(Self.stream, StaleStreamMachine.grace))
    }

    @Test("a recent heartbeat replaces the request")
    func heartbeat() {
        var run = Run()
        run.trade(7)
        _ = run.check(after: .zero)
        run.activity.recordHeartbeat(of: Self.stream, lastID: 7, at: run.now + .seconds(20))
        #expect(run.check(after: Self.timeout) == [.admit(Self.stream), prove(7), .showQuiet(Self.stream)])
        #expect(run.check(after: Self.timeout) == [.request(Self.stream)])
    }

    @Test("a stream without a proof is reported once, unless the last proof is recent")
    func unproven() {
        var run = Run()
        #expect(run.check(after: Self.timeout) == [.request(Self.stream)])
        let reason = "the venue has no trade of it"
        #expect(run.answer(nil) == [.showUnproven(Self.stream, reason)])
        _ = run.check(after: Self.timeout)
        #expect(run.answer(nil).isEmpty)
        var proven = Run()
        proven.trade(7)
        _ = proven.check(after: .zero)
        let failure = RequestFailure.unreachable("gone")
        for silence in 1...2 {
            _ = proven.check(after: Self.timeout)
            let report = [Action.reportFailure(Self.stream, "\(failure)")]
            #expect(proven.handle(.failed(failure, isUnknown: false)) == report, "after \(silence) timeouts")
        }
        _ = proven.check(after: Self.timeout)
        let last = proven.handle(.failed(failure, isUnknown: false))
        #expect(last.last == .showUnproven(Self.stream, "\(failure)"))
    }

    @Test("an instrument that the venue does not have is reported, and its checks become less frequent")
    func unknown() {
        var run = Run()
        let failure = RequestFailure.status(400, errorText: "Invalid symbol")
        _ = run.check(after: Self.timeout)
        #expect(run.handle(.failed(failure, isUnknown: true)) == [.deny(Self.stream, "\(failure)")])
        #expect(run.check(after: Self.timeout) == [.request(Self.stream)])
        _ = run.handle(.failed(failure, isUnknown: true))
        #expect(run.check(after: Self.timeout).isEmpty)
        #expect(run.check(after: Self.timeout) == [.request(Self.stream)])
    }

    @Test("every stream of a silent connection is checked once, until a request fails")
    func existence() {
        var run = Run()
        let streams = (0..<3).map { InstrumentID($0) }
        #expect(run.handle(.silent(streams)).isEmpty)
        run.now += Self.timeout / 2
        var requested: Set<InstrumentID> = []
        func note(_ actions: [Action]) -> Bool {
            guard case .request(let id)? = actions.last else { return false }
            return requested.insert(id).inserted
        }
        #expect(note(run.handle(.silent(streams))))
        #expect(note(run.answer(nil)))
        #expect(run.handle(.failed(.unreachable("gone"), isUnknown: false)).isEmpty)
        #expect(note(run.handle(.silent(streams))))
        let failure = RequestFailure.status(404, errorText: nil)
        let denied = run.handle(.failed(failure, isUnknown: true))
        #expect(denied.count == 1 && requested == Set(streams))
        #expect(run.handle(.silent(streams)).isEmpty)
    }

    @Test("a stream added later gets the same timeout as the others, and a removed one is not checked")
    func changes() {
        var run = Run()
        _ = run.check(after: .seconds(300))
        let added = InstrumentID(9)
        run.activity.add([added], positions: [:])
        _ = run.handle(.flowing([added]))
        #expect(run.handle(.observed(Self.stream, run.activity[Self.stream])).isEmpty)
        run.now += .seconds(29)
        #expect(run.handle(.observed(added, run.activity[added])).isEmpty)
        run.now += .seconds(1)
        #expect(run.handle(.observed(added, run.activity[added])) == [.request(added)])
    }
}

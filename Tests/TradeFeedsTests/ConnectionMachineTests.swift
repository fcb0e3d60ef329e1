import MarketData
import Testing

@testable import TradeFeeds

@Suite struct ConnectionMachineTests {
    private static let streams = [InstrumentID(3), InstrumentID(8)]

    /// A machine at a moment, with the streams followed at that time.
    private struct Run {
        var machine: ConnectionMachine
        var streams = ConnectionMachineTests.streams
        var now = ContinuousClock.now
        var generator = SystemRandomNumberGenerator()

        init(lifetime: Duration? = nil, refusesCompleteRequests: Bool = false) {
            machine = ConnectionMachine(lifetime: lifetime, refusesCompleteRequests: refusesCompleteRequests)
        }

        mutating func handle(_ event: ConnectionEvent) -> [ConnectionMachine.Action] {
            machine.handle(event, following: streams, at: now, using: &generator)
        }

        /// Begins, and opens the first connection.
        mutating func open() {
            _ = machine.start(following: streams, at: now)
            _ = handle(.attemptDue(generation: 0))
            _ = handle(.opened(generation: 0))
            _ = handle(.flowing(generation: 0))
        }

        /// Replaces the first connection by another one that delivers trades.
        mutating func replace(_ reason: DisconnectReason) {
            _ = handle(.replace(generation: 0, reason))
            _ = handle(.attemptDue(generation: 1))
            _ = handle(.opened(generation: 1))
            _ = handle(.flowing(generation: 1))
        }
    }

    private func refusal(_ streams: [Int], unanswered: [Int] = []) -> SubscriptionRefusal {
        SubscriptionRefusal(
            streams: streams.map { InstrumentID($0) },
            isNamed: true,
            unanswered: unanswered.map { InstrumentID($0) },
            errorText: "no"
        )
    }

    @Test("an attempt is reserved and made, and the open connection is checked for silent streams")
    func opening() {
        var run = Run()
        let first = run.machine.start(following: Self.streams, at: run.now)
        #expect(first == [.book(generation: 0, notBefore: run.now)])
        #expect(run.handle(.attemptDue(generation: 0)) == [.open(generation: 0, Self.streams, lifetime: nil)])
        #expect(run.handle(.attemptDue(generation: 0)).isEmpty)
        #expect(run.handle(.opened(generation: 0)) == [.adjust(generation: 0), .watch(generation: 0)])
        #expect(run.handle(.flowing(generation: 0)).isEmpty)
    }

    @Test("a connection is replaced shortly before the venue's limit")
    func lifetime() {
        var run = Run(lifetime: .seconds(100))
        _ = run.machine.start(following: Self.streams, at: run.now)
        guard case .open(_, _, let lifetime?) = run.handle(.attemptDue(generation: 0)).first else {
            Issue.record("no connection with a lifetime")
            return
        }
        #expect(lifetime >= .seconds(94) && lifetime <= .seconds(98))
    }

    @Test("no attempt is made before there is a stream to follow")
    func idle() {
        var run = Run()
        run.streams = []
        #expect(run.machine.start(following: [], at: run.now).isEmpty)
        run.streams = Self.streams
        run.now += .seconds(5)
        #expect(run.handle(.streamsChanged) == [.book(generation: 0, notBefore: run.now)])
        run.streams = []
        #expect(run.handle(.attemptDue(generation: 0)).isEmpty)
        run.streams = Self.streams
        #expect(run.handle(.streamsChanged) == [.book(generation: 0, notBefore: run.now)])
    }

    @Test("a lost connection is opened again after a pause, and not before the wait that the venue requests")
    func lost() {
        var run = Run()
        run.open()
        var disconnect = Disconnect(reason: .closed, detail: "gone")
        let actions = run.handle(.ended(generation: 0, disconnect))
        #expect(actions.prefix(2) == [.count(.closed), .release(generation: 0, .backingOff)])
        guard case .book(1, let instant)? = actions.last else {
            Issue.record("no attempt is booked")
            return
        }
        #expect(instant >= run.now && instant <= run.now + ReconnectBackoff.base)
        #expect(actions.contains(.reportEnd(disconnect, wait: instant - run.now, hasStreams: true)))
        disconnect.retryAfter = .seconds(90)
        let patient = run.handle(.ended(generation: 1, disconnect))
        #expect(patient.contains(.hold(.seconds(90))))
        #expect(patient.last == .book(generation: 2, notBefore: run.now + .seconds(90)))
        let late = run.handle(.ended(generation: 0, disconnect))
        #expect(late == [.count(.closed), .release(generation: 0, .backingOff)])
    }

    @Test("pauses grow while no trade arrives, and are reset after a minute of trades")
    func backoff() {
        func longest(after failures: Int, flow: Duration) -> Duration {
            (0..<200).map { _ in
                var run = Run()
                run.open()
                for generation in 0..<failures {
                    _ = run.handle(.ended(generation: generation, Disconnect(reason: .connect, detail: "")))
                }
                let last = Disconnect(reason: .connect, detail: "", flow: flow)
                let actions = run.handle(.ended(generation: failures, last))
                return if case .book(_, let instant)? = actions.last { instant - run.now } else { .zero }
            }.max() ?? .zero
        }
        #expect(longest(after: 0, flow: .zero) <= ReconnectBackoff.base)
        #expect(longest(after: 6, flow: .zero) > .seconds(10))
        #expect(longest(after: 6, flow: .seconds(60)) <= ReconnectBackoff.base)
    }

    @Test("a replaced connection closes once the next one has delivered trades for the overlap")
    func takeover() {
        var run = Run()
        run.open()
        let begin: [ConnectionMachine.Action] = [
            .reportReplacement(.lifetime), .book(generation: 1, notBefore: run.now),
        ]
        #expect(run.handle(.replace(generation: 0, .lifetime)) == begin)
        #expect(run.handle(.replace(generation: 0, .lifetime)).isEmpty)
        #expect(run.handle(.attemptDue(generation: 1)) == [.open(generation: 1, Self.streams, lifetime: nil)])
        // The first connection is still the one that is checked.
        #expect(run.handle(.opened(generation: 1)) == [.adjust(generation: 1)])
        #expect(run.handle(.flowing(generation: 1)) == [.overlap(generation: 1, ConnectionMachine.overlap)])
        let end: [ConnectionMachine.Action] = [
            .close(generation: 0, .lifetime, "another connection has taken over"), .watch(generation: 1),
        ]
        #expect(run.handle(.overlapped(generation: 1)) == end)
        let closed = Disconnect(reason: .lifetime, detail: "")
        #expect(run.handle(.ended(generation: 0, closed)) == [.count(.lifetime), .release(generation: 0, .backingOff)])
    }

    @Test("when the first connection ends before that, the next one carries the streams")
    func earlyEnd() {
        var run = Run()
        run.open()
        run.replace(.serverShutdown)
        let closed = Disconnect(reason: .closed, detail: "")
        #expect(
            run.handle(.ended(generation: 0, closed))
                == [.count(.closed), .release(generation: 0, .backingOff), .watch(generation: 1)]
        )
        #expect(run.handle(.overlapped(generation: 1)).isEmpty)
        #expect(run.handle(.ended(generation: 1, closed)).contains { if case .book(2, _) = $0 { true } else { false } })
    }

    @Test("a failed successor is opened again, for the same reason, while the first connection continues")
    func failedSuccessor() {
        var run = Run()
        run.open()
        _ = run.handle(.replace(generation: 0, .deadStream))
        _ = run.handle(.attemptDue(generation: 1))
        let failed = Disconnect(reason: .connect, detail: "")
        #expect(run.handle(.ended(generation: 1, failed)).contains { if case .book(2, _) = $0 { true } else { false } })
        _ = run.handle(.attemptDue(generation: 2))
        _ = run.handle(.opened(generation: 2))
        _ = run.handle(.flowing(generation: 2))
        let close = run.handle(.overlapped(generation: 2)).first
        #expect(close == .close(generation: 0, .deadStream, "another connection has taken over"))
    }

    @Test("a successor to be replaced gets its own successor once it has replaced the first connection")
    func successorOfSuccessor() {
        var run = Run()
        run.open()
        run.replace(.lifetime)
        #expect(run.handle(.replace(generation: 1, .serverShutdown)).isEmpty)
        let actions = run.handle(.overlapped(generation: 1))
        #expect(actions.contains(.reportReplacement(.serverShutdown)))
        #expect(actions.last == .book(generation: 2, notBefore: run.now))
    }

    @Test("a refusal is recorded, and the next connection is opened without a pause")
    func refused() {
        var run = Run()
        run.open()
        let refusal = refusal([3], unanswered: [8])
        #expect(run.handle(.refused(generation: 0, refusal)) == [.settle(generation: 0, refusal)])
        run.streams = [InstrumentID(8)]
        #expect(run.handle(.settled(generation: 0, refusal)).isEmpty)
        let cut = Disconnect(reason: .closed, detail: "")
        #expect(run.handle(.ended(generation: 0, cut)).last == .book(generation: 1, notBefore: run.now))
        #expect(run.handle(.refused(generation: 0, refusal)).isEmpty)
    }

    @Test("when one refused stream causes the refusal of the complete request, the others are requested again")
    func completeRequests() {
        var run = Run(refusesCompleteRequests: true)
        run.open()
        let refusal = refusal([3], unanswered: [8, 9])
        _ = run.handle(.refused(generation: 0, refusal))
        run.streams = [InstrumentID(8)]
        #expect(run.handle(.settled(generation: 0, refusal)) == [.subscribeAgain(generation: 0, [InstrumentID(8)])])
    }

    @Test("a connection with only refused streams closes, and the part stops until one is accepted")
    func refusedAltogether() {
        var run = Run()
        run.open()
        let refusal = refusal([3, 8])
        _ = run.handle(.refused(generation: 0, refusal))
        run.streams = []
        let close = run.handle(.settled(generation: 0, refusal))
        #expect(close == [.close(generation: 0, .refused, "the venue refuses every stream")])
        let actions = run.handle(.ended(generation: 0, Disconnect(reason: .refused, detail: "")))
        #expect(actions.prefix(2) == [.count(.refused), .release(generation: 0, .stopped)])
        #expect(!actions.contains { if case .book = $0 { true } else { false } })
        run.streams = [InstrumentID(8)]
        #expect(run.handle(.streamsChanged) == [.book(generation: 1, notBefore: run.now)])
    }

    @Test("a change of the streams adjusts open connections only")
    func changes() {
        var run = Run()
        run.open()
        #expect(run.handle(.streamsChanged) == [.adjust(generation: 0)])
        run.replace(.lifetime)
        #expect(run.handle(.streamsChanged) == [.adjust(generation: 0), .adjust(generation: 1)])
    }

    @Test("a part without a stream closes its connection, counts no disconnect, and then ends")
    func retired() {
        var run = Run()
        run.open()
        _ = run.handle(.replace(generation: 0, .lifetime))
        run.streams = []
        let close = run.handle(.retired)
        #expect(close == [.close(generation: 0, .closed, "its last stream was removed")])
        #expect(run.handle(.attemptDue(generation: 1)).isEmpty)
        let closed = Disconnect(reason: .closed, detail: "")
        #expect(run.handle(.ended(generation: 0, closed)) == [.release(generation: 0, .stopped), .finish])
        var unopened = Run()
        _ = unopened.machine.start(following: Self.streams, at: unopened.now)
        #expect(unopened.handle(.retired) == [.finish])
    }

    /// The environment of a machine: its attempts and connections.
    private struct World {
        var run = Run(lifetime: .seconds(60), refusesCompleteRequests: true)
        var booked: Set<Int> = []
        var connecting: Set<Int> = []
        var open: Set<Int> = []
        var closing: Set<Int> = []
        var overlapping: Set<Int> = []
        var settling: [Int: SubscriptionRefusal] = [:]

        init() {
            apply(run.machine.start(following: run.streams, at: run.now))
        }

        mutating func apply(_ actions: [ConnectionMachine.Action]) {
            for action in actions {
                switch action {
                case .book(let generation, _): booked.insert(generation)
                case .open(let generation, _, _): connecting.insert(generation)
                case .close(let generation, _, _) where open.contains(generation): closing.insert(generation)
                case .overlap(let generation, _): overlapping.insert(generation)
                case .settle(let generation, let refusal): settling[generation] = refusal
                default: break
                }
            }
        }

        mutating func end(_ generation: Int) {
            connecting.remove(generation)
            open.remove(generation)
            closing.remove(generation)
            apply(run.handle(.ended(generation: generation, Disconnect(reason: .closed, detail: ""))))
        }

        /// Sends one of the possible events.
        mutating func step() {
            run.now += .milliseconds(100)
            switch Int.random(in: 0..<9) {
            case 0:
                guard let generation = booked.popFirst() else { return }
                apply(run.handle(.attemptDue(generation: generation)))
            case 1:
                guard let generation = connecting.popFirst() else { return }
                open.insert(generation)
                apply(run.handle(.opened(generation: generation)))
            case 2:
                guard let generation = open.randomElement() else { return }
                apply(run.handle(.flowing(generation: generation)))
            case 3:
                guard let generation = open.randomElement() else { return }
                apply(run.handle(.replace(generation: generation, .lifetime)))
            case 4:
                guard let generation = overlapping.popFirst() else { return }
                apply(run.handle(.overlapped(generation: generation)))
            case 5:
                guard let generation = connecting.union(open).randomElement() else { return }
                end(generation)
            case 6:
                guard let generation = closing.first else { return }
                end(generation)
            case 7:
                run.streams = ConnectionMachineTests.streams.filter { _ in Bool.random() }
                apply(run.handle(.streamsChanged))
            default:
                guard let generation = open.randomElement() else { return }
                let refusal = SubscriptionRefusal(streams: run.streams, isNamed: true, unanswered: [], errorText: "")
                apply(run.handle(.refused(generation: generation, refusal)))
                guard let refusal = settling.removeValue(forKey: generation) else { return }
                run.streams = []
                apply(run.handle(.settled(generation: generation, refusal)))
            }
        }
    }

    @Test("after any events, streams have a connection or an attempt, and never more than two")
    func random() {
        for _ in 0..<100 {
            var world = World()
            for _ in 0..<200 {
                world.step()
                let alive = world.booked.union(world.connecting).union(world.open)
                #expect(world.run.streams.isEmpty || !alive.isEmpty)
                #expect(alive.subtracting(world.closing).count <= 2)
            }
        }
    }
}

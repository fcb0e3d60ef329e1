import MarketData
import Testing

@testable import TradeFeeds

@Suite struct RepairMachineTests {
    private static let horizon = Timestamp(microseconds: 1_000)
    private static let instrument = InstrumentID(5)

    /// A machine with missing ids, at a moment when a request is due.
    private struct Run {
        var machine = RepairMachine()
        var now = ContinuousClock.now
        let span: RepairRequest
        /// Whether the venue finds ids of any age.
        let findsByID: Bool

        init(_ ids: ClosedRange<Int64>, numbering: Int64 = 0, findsByID: Bool = true) {
            span = RepairRequest(
                instrument: RepairMachineTests.instrument,
                ids: ids,
                before: Timestamp(microseconds: 9_000),
                numbering: numbering
            )
            self.findsByID = findsByID
        }

        mutating func handle(_ event: RepairMachine.Event) -> [RepairMachine.Action] {
            machine.handle(event, at: now)
        }

        /// Advances the time until the machine returns an action.
        mutating func poll() -> [RepairMachine.Action] {
            for _ in 0..<1000 {
                let actions = handle(.missing([span], horizon: RepairMachineTests.horizon))
                guard case .poll(let pause)? = actions.last else { return actions }
                now += pause
            }
            return []
        }

        /// Answers a request, and removes the delivered ids from the missing ones.
        mutating func answer(_ ids: some Sequence<Int64>, time: Int64 = 5_000) -> [RepairMachine.Action] {
            let trades = ids.map { RepairMachineTests.trade($0, time) }
            let event = RepairMachine.Event.answered(trades, findsByID: findsByID, horizon: RepairMachineTests.horizon)
            let actions = handle(event)
            if case .deliver? = actions.last { return actions + handle(.delivered([])) }
            return actions
        }
    }

    private static func trade(_ id: Int64, _ time: Int64) -> Trade {
        Trade(
            instrument: instrument,
            id: id,
            time: Timestamp(microseconds: time),
            price: FixedDecimal(mantissa: 1, scale: 0),
            quantity: FixedDecimal(mantissa: 1, scale: 0),
            takerSide: .buy
        )
    }

    private static func trades(_ ids: some Sequence<Int64>) -> [Trade] { ids.map { trade($0, 5_000) } }

    private static let proceed = RepairMachine.Action.poll(after: .zero)

    @Test("missing ids are requested and delivered after a time for trades out of order")
    func repair() {
        var run = Run(10...12)
        #expect(run.handle(.missing([], horizon: Self.horizon)) == [.poll(after: RepairMachine.pollInterval)])
        #expect(
            run.handle(.missing([run.span], horizon: Self.horizon)) == [.poll(after: RepairMachine.pollInterval)]
        )
        #expect(run.poll() == [.request(run.span, ids: 10...12)])
        // Only the missing trades of an answer are delivered; the answer may have any order.
        let actions = run.answer([13, 12, 11, 10, 9])
        #expect(actions == [.count(.success), .deliver(Self.trades(10...12), of: run.span), Self.proceed])
    }

    @Test("an answer without missing trades counts as a failed attempt, and the interval of attempts grows")
    func failedAttempts() {
        var run = Run(10...12)
        var waits: [Duration] = []
        var actions: [RepairMachine.Action] = []
        while actions.first != .markUnrepairable(run.span, 10...12), waits.count < 20 {
            let before = run.now
            _ = run.poll()
            waits.append(run.now - before)
            actions = Array(run.answer([]).dropFirst())
        }
        #expect(waits.count == RepairQueue.attempts)
        #expect(zip(waits.dropFirst(), waits.dropFirst(2)).allSatisfy { $0 <= $1 })
    }

    @Test("a delivery that does not reduce the missing ids counts as a failed attempt")
    func ineffectiveDelivery() {
        var run = Run(10...12)
        _ = run.poll()
        let answer = RepairMachine.Event.answered(Self.trades(10...12), findsByID: true, horizon: Self.horizon)
        _ = run.handle(answer)
        #expect(run.handle(.delivered([run.span])) == [Self.proceed])
        // After a failed attempt the next one must wait.
        #expect(
            run.handle(.missing([run.span], horizon: Self.horizon)) == [.poll(after: RepairMachine.pollInterval)]
        )
    }

    @Test("ids that the venue skips are given up sooner")
    func beyond() {
        var run = Run(10...12)
        for _ in 1..<RepairQueue.attemptsBeyond {
            _ = run.poll()
            #expect(run.answer([13, 14]) == [.count(.nothing), Self.proceed])
        }
        _ = run.poll()
        #expect(run.answer([13, 14]) == [.count(.nothing), .markUnrepairable(run.span, 10...12), Self.proceed])
    }

    @Test("the first ids after a restart of the ids are dismissed where the venue has none of them")
    func laterBeginning() {
        var run = Run(0...50, numbering: 1)
        _ = run.poll()
        let some = run.answer(40...50)
        #expect(some.suffix(2) == [.dismiss(run.span, 0...39), Self.proceed])
        var none = Run(0...50, numbering: 1)
        for _ in 1..<RepairQueue.attemptsBeyond {
            _ = none.poll()
            #expect(none.answer([]) == [.count(.nothing), Self.proceed])
        }
        _ = none.poll()
        #expect(none.answer([]) == [.count(.nothing), .dismiss(none.span, 0...50), Self.proceed])
    }

    @Test("ids older than all of the answer are given up where the venue only has the newest")
    func newestOnly() {
        var run = Run(10...30, findsByID: false)
        _ = run.poll()
        let actions = run.answer(20...40)
        #expect(
            actions == [
                .count(.success), .deliver(Self.trades(20...30), of: run.span), .markUnrepairable(run.span, 10...19),
                Self.proceed,
            ]
        )
    }

    @Test("trades before the horizon are neither delivered nor requested again")
    func horizon() {
        var run = Run(10...12)
        _ = run.poll()
        #expect(run.answer(10...12, time: 999) == [.count(.success), Self.proceed])
        #expect(run.poll() == [])
    }

    @Test("the oldest page of a long gap is requested before the complete gap is given up")
    func longGap() {
        func exhausted() -> Run {
            var run = Run(10...5_000_000)
            for _ in 1..<RepairQueue.attemptsBeyond {
                _ = run.poll()
                _ = run.answer([5_000_001])
            }
            _ = run.poll()
            #expect(run.answer([5_000_001]) == [.count(.nothing), .request(run.span, ids: 10...1009)])
            return run
        }
        var jump = exhausted()
        let found = jump.answer([10, 11, 12, 5_000_001])
        #expect(
            found == [
                .count(.success), .deliver(Self.trades(10...12), of: jump.span),
                .markUnrepairable(jump.span, 13...5_000_000), Self.proceed,
            ]
        )
        var nothing = exhausted()
        #expect(
            nothing.answer([]) == [.count(.nothing), .markUnrepairable(nothing.span, 10...5_000_000), Self.proceed]
        )
    }

    @Test("ids without a request are given up immediately")
    func unanswerable() {
        var run = Run(10...12)
        _ = run.poll()
        #expect(run.handle(.unanswerable) == [.markUnrepairable(run.span, 10...12), Self.proceed])
    }

    @Test("a failed request is repeated after a growing pause, and a refusal delays others less")
    func failures() {
        var run = Run(10...12)
        var pauses: [Duration] = []
        for _ in 0..<9 {
            _ = run.poll()
            let actions = run.handle(.failed(.unreachable("gone")))
            #expect(actions.first == .count(.unreachable))
            if case .poll(let pause)? = actions.last { pauses.append(pause) }
        }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
        _ = run.poll()
        let refused = run.handle(.failed(.status(400, errorText: nil)))
        #expect(refused.first == .count(.refused))
        #expect(refused.last == .poll(after: RepairMachine.longestRefusedWait))
        _ = run.poll()
        _ = run.answer(10...12)
        _ = run.poll()
        #expect(run.handle(.failed(.unreachable("gone"))).last == .poll(after: .milliseconds(500)))
    }
}

import MarketData
import Testing

@testable import TradeFeeds

@Suite struct TrialMachineTests {
    private static let group = (0..<4).map { InstrumentID($0) }
    private static let other = [InstrumentID(9)]

    private func machine(byMessage: Bool = true, completeRequests: Bool = false) -> TrialMachine {
        TrialMachine(subscribesByMessage: byMessage, refusesCompleteRequests: completeRequests)
    }

    private func refusal(_ streams: [Int], unanswered: [Int] = []) -> TrialMachine.Event {
        let refusal = SubscriptionRefusal(
            streams: streams.map { InstrumentID($0) },
            isNamed: true,
            unanswered: unanswered.map { InstrumentID($0) },
            errorText: "no"
        )
        return .connection(.refused(generation: 0, refusal))
    }

    private func settled(by actions: [TrialMachine.Action]) -> [InstrumentID] {
        for case .settle(let refusal) in actions { return refusal.streams }
        return []
    }

    @Test("while no stream is due there is no connection")
    func nothing() {
        var machine = machine()
        #expect(machine.start() == [.begin(after: .zero)])
        #expect(machine.handle(.group(nil)) == [.begin(after: TrialMachine.pollInterval)])
        #expect(machine.handle(.connection(.accepted(generation: 0))).isEmpty)
    }

    @Test("accepted streams are followed again, and the next ones are tried on the same connection until none is due")
    func accepted() {
        var machine = machine()
        #expect(
            machine.handle(.group(Self.group))
                == [.connect(Self.group), .awaitAnswer(request: 1, TrialMachine.answerTime)]
        )
        #expect(machine.handle(.connection(.opened(generation: 0))).isEmpty)
        #expect(machine.handle(.connection(.accepted(generation: 0))) == [.accept(Self.group), .begin(after: .zero)])
        #expect(
            machine.handle(.group(Self.other)) == [
                .subscribe(Self.other), .awaitAnswer(request: 2, TrialMachine.answerTime),
            ]
        )
        // The time of the first request is over, not that of the second.
        #expect(machine.handle(.connection(.answerOverdue(request: 1))).isEmpty)
        #expect(
            machine.handle(.connection(.answerOverdue(request: 2))) == [.accept(Self.other), .begin(after: .zero)]
        )
        #expect(machine.handle(.group(nil)) == [.disconnect, .begin(after: .zero)])
    }

    @Test("when the endpoint names the streams, each trial is a connection, and its handshake accepts them")
    func byEndpoint() {
        var machine = machine(byMessage: false)
        _ = machine.handle(.group(Self.group))
        #expect(
            machine.handle(.connection(.opened(generation: 0)))
                == [.accept(Self.group), .disconnect, .begin(after: .zero)]
        )
    }

    @Test("a stream refused by name does not affect the answers to others")
    func named() {
        var machine = machine()
        _ = machine.handle(.group(Self.group))
        _ = machine.handle(.connection(.opened(generation: 0)))
        let first = machine.handle(refusal([1], unanswered: [0, 2]))
        #expect(settled(by: first) == [InstrumentID(1)])
        #expect(first.last == .awaitAnswer(request: 2, TrialMachine.answerTime))
        let last = machine.handle(refusal([2]))
        #expect(last.suffix(2) == [.accept([InstrumentID(0), InstrumentID(3)]), .begin(after: .zero)])
    }

    @Test("when a complete request is refused, the other streams are requested again")
    func completeRequests() {
        var machine = machine(completeRequests: true)
        _ = machine.handle(.group(Self.group))
        _ = machine.handle(.connection(.opened(generation: 0)))
        let rest = [0, 2, 3].map { InstrumentID($0) }
        #expect(
            machine.handle(refusal([1], unanswered: [0, 2, 3])).suffix(2)
                == [.subscribe(rest), .awaitAnswer(request: 2, TrialMachine.answerTime)]
        )
        #expect(machine.handle(refusal([0, 2, 3])).last == .begin(after: .zero))
    }

    @Test("a refusal that ends the connection is an answer; streams without one are tried again later")
    func refusedAndCut() {
        var machine = machine()
        _ = machine.handle(.group(Self.group))
        _ = machine.handle(.connection(.opened(generation: 0)))
        _ = machine.handle(refusal([1], unanswered: [0, 2, 3]))
        let end = machine.handle(.connection(.ended(generation: 0, Disconnect(reason: .closed, detail: ""))))
        #expect(end == [.abandon, .disconnect, .begin(after: .zero)])
    }

    @Test("failed trials are repeated at growing intervals, until one succeeds")
    func pauses() {
        var machine = machine()
        var pauses: [Duration] = []
        for request in 1...7 {
            _ = machine.handle(.group(Self.group))
            guard case .begin(let pause)? = machine.handle(.connection(.answerOverdue(request: request))).last else {
                continue
            }
            pauses.append(pause)
        }
        #expect(pauses == [2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        _ = machine.handle(.group(Self.group))
        _ = machine.handle(.connection(.opened(generation: 0)))
        _ = machine.handle(.connection(.accepted(generation: 0)))
        _ = machine.handle(.group(nil))
        _ = machine.handle(.group(Self.group))
        let end = machine.handle(.connection(.ended(generation: 0, Disconnect(reason: .connect, detail: ""))))
        #expect(end == [.abandon, .disconnect, .begin(after: TrialMachine.firstPause)])
    }
}

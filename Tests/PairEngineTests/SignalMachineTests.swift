import TestSupport
import Testing

@testable import PairEngine

@Suite struct SignalMachineTests {
    /// The state after each step.
    private func states(_ steps: [Evidence], dwell: Int32 = 3, memory: Int32 = 20) -> [Bool] {
        var machine = SignalMachine()
        return steps.map { step in
            machine.step(step, dwell: dwell, memory: memory)
            return machine.isActive
        }
    }

    @Test("A signal begins and ends when the dwell's number of bars in a row agree, and holds in between")
    func hysteresis() {
        let steps: [Evidence] = [
            .entry, .entry, .entry, .between, .exit, .exit, .between, .exit, .exit, .exit, .between,
        ]
        let expected = [false, false, true, true, true, true, true, true, true, false, false]
        #expect(states(steps) == expected)
        #expect(states([.entry, .exit, .entry], dwell: 1) == [true, false, true])
    }

    @Test("Bars without a value end a row; the state continues and stays known for the configured number of bars")
    func missing() {
        #expect(states([.entry, .entry, .none, .entry]) == [false, false, false, false])
        var machine = SignalMachine()
        #expect(!machine.isKnown(within: 3))
        for _ in 0..<3 { machine.step(.entry, dwell: 3, memory: 20) }
        machine.skip(3, dwell: 3, memory: 20)
        #expect(machine.isActive && machine.isKnown(within: 3))
        machine.step(.none, dwell: 3, memory: 20)
        #expect(machine.isActive && !machine.isKnown(within: 3))
    }

    @Test("A signal without confirmation ends after the memory's number of bars")
    func lapse() {
        var machine = SignalMachine()
        for _ in 0..<3 { machine.step(.entry, dwell: 3, memory: 20) }
        for _ in 0..<19 { machine.step(.between, dwell: 3, memory: 20) }
        #expect(machine.isActive)
        machine.step(.between, dwell: 3, memory: 20)
        #expect(!machine.isActive)
        #expect(machine.entries == 1)
    }

    @Test("Changes are never closer than the dwell for any evidence", arguments: 1...6)
    func flapping(dwell: Int32) {
        var generator = SeededRandom(seed: Int(dwell))
        var machine = SignalMachine()
        var lastChange = -1000
        var changes = 0
        for step in 0..<20_000 {
            let before = machine.isActive
            machine.step(.random(sticky: step / 500 % 2 == 0, using: &generator), dwell: dwell, memory: 12)
            guard machine.isActive != before else { continue }
            if changes > 0 { #expect(step - lastChange >= Int(dwell)) }
            lastChange = step
            changes += 1
        }
        #expect(changes > 20)
    }

    @Test("The state follows from the last memory + 2 dwells of steps alone", arguments: 0..<20)
    func finiteMemory(seed: Int) {
        var generator = SeededRandom(seed: seed)
        let steps = (0..<600).map { Evidence.random(sticky: $0 / 100 % 2 == 0, using: &generator) }
        let whole = states(steps, memory: 15)
        for end in 21...steps.count {
            let replayed = states(Array(steps[(end - 21)..<end]), memory: 15)
            #expect(replayed.last == whole[end - 1], "at step \(end)")
        }
    }

    @Test("Beginnings are counted")
    func entries() {
        var machine = SignalMachine()
        for _ in 0..<5 {
            for _ in 0..<3 { machine.step(.entry, dwell: 3, memory: 20) }
            for _ in 0..<3 { machine.step(.exit, dwell: 3, memory: 20) }
        }
        #expect(machine.entries == 5)
    }
}

extension Evidence {
    /// Any evidence; sticky draws are mostly entry, others mostly exit.
    fileprivate static func random(sticky: Bool, using generator: inout SeededRandom) -> Evidence {
        let favoured: Evidence = sticky ? .entry : .exit
        return [.entry, .between, .exit, .none, favoured, favoured, favoured].randomElement(using: &generator) ?? .none
    }
}

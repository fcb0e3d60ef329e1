import MarketData
import SimulatedPairs
import TestSupport
import Testing

@testable import PairEngine

@Suite struct SignalEfficacyTests {
    /// A reverting pair.
    private func values(_ count: Int, seed: Int) -> [WindowReplay.Slot?] {
        var generator = SeededRandom(seed: seed)
        return MarketSlot.random(count, using: &generator).map { slot in
            guard let x = slot.x.price, let y = slot.y.price else { return nil }
            return (x: x, y: y, isCarried: false)
        }
    }

    private func replay(_ values: [WindowReplay.Slot?]) throws -> WindowReplay {
        var replay = WindowReplay(timeframe: try .sample("1s"), window: 60, price: .level)
        for value in values { replay.append(value) }
        return replay
    }

    @Test("The state at a bar does not depend on the bars after it", arguments: 0..<3)
    func prefixInvariance(seed: Int) throws {
        let values = values(1500, seed: seed)
        var whole = WindowReplay(timeframe: try .sample("1s"), window: 60, price: .level)
        for (index, value) in values.enumerated() {
            whole.append(value)
            guard index.isMultiple(of: 250) else { continue }
            #expect(try replay(Array(values[...index])).efficacy == whole.efficacy)
        }
        #expect(whole.efficacy.count > 4 && whole.efficacy.reverted > 0)
    }

    @Test("An extreme reverts half of the way in time or persists; one with a gap is not counted")
    func outcomes() throws {
        let calm = values(400, seed: 9)
        let (x, y, _) = try #require(calm.last ?? nil)
        let push = [0.004, 0.004, 0.004] as [Double?]
        let quiet = try replay(calm).efficacy
        let reverted = try replay(calm + values(of: push + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], x, y)).efficacy
        #expect(reverted.reverted == quiet.reverted + 1 && reverted.persisted == quiet.persisted)
        let persisted = try replay(calm + values(of: push + Array(repeating: 0.004, count: 60), x, y)).efficacy
        #expect(persisted.persisted == quiet.persisted + 1 && persisted.reverted == quiet.reverted)
        let unknown = try replay(calm + values(of: push + [nil] + Array(repeating: 0.004, count: 59), x, y)).efficacy
        #expect(unknown == quiet)
        let back = try replay(calm + values(of: push + [nil, 0, 0, 0, 0, 0, 0, 0, 0, 0], x, y)).efficacy
        #expect(back == quiet)
        var paused = try replay(calm + values(of: push, x, y))
        paused.skip(1)
        for value in values(of: Array(repeating: 0.004, count: 59), x, y) { paused.append(value) }
        #expect(paused.efficacy == quiet)
    }

    private func values(of offsets: [Double?], _ x: Double, _ y: Double) -> [WindowReplay.Slot?] {
        offsets.map { offset in offset.map { (x: x, y: y * (1 + $0), isCarried: false) } }
    }
}

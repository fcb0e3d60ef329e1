import MarketData
import PairEngine
import PairStatistics
import TestSupport
import Testing

@Suite struct WindowReplayTests {
    private static let window = 60

    private func values(_ count: Int) -> [WindowReplay.Slot?] {
        var generator = SeededRandom(seed: 3)
        return MarketSlot.random(count, using: &generator).map { slot in
            guard let x = slot.x.price, let y = slot.y.price else { return nil }
            return (x: x, y: y, isCarried: false)
        }
    }

    private func replay(firstSlot: Int64 = 0) throws -> WindowReplay {
        WindowReplay(timeframe: try .sample("1s"), window: Self.window, firstSlot: firstSlot)
    }

    @Test("Slots that are left out are gaps", arguments: [1, 7, 60])
    func gaps(count: Int) throws {
        let values = values(200)
        var placed = try replay()
        var dense = try replay()
        for (index, value) in values.enumerated() {
            placed.append(value, at: Int64(index < 120 ? index : index + count))
            if index == 120 { for _ in 0..<count { dense.append(nil) } }
            dense.append(value)
        }
        #expect(placed.reading.observations == dense.reading.observations)
        #expect(placed.reading.gapRatio == dense.reading.gapRatio)
        #expect(placed.reading.zScore == dense.reading.zScore)
        #expect(placed.efficacy == dense.efficacy)
    }

    @Test("A gap longer than the window restarts it, however long it is", arguments: [61, 1 << 40] as [Int64])
    func gap(length: Int64) throws {
        let values = values(200)
        var placed = try replay()
        var fresh = try replay(firstSlot: 100 + length)
        for (index, value) in values.enumerated() {
            placed.append(value, at: Int64(index) + (index < 100 ? 0 : length))
            if index >= 100 { fresh.append(value) }
        }
        #expect(placed.reading.closeTime == fresh.reading.closeTime)
        #expect(placed.reading.observations == fresh.reading.observations)
        #expect(placed.reading.zScore == fresh.reading.zScore)
        #expect(placed.reading.fit.value?.slope == fresh.reading.fit.value?.slope)
    }
}

import MarketData
import PairEngine
import PairStatistics
import TestSupport
import Testing

/// Slots of which neither leg has a bar.
@Suite struct SkippedSlotsTests {
    private static let window = 60

    /// The reading after 200 bars with a pause before one of them.
    /// - Parameter first: bars before this one are left out.
    private static func reading(pause: Int64, before bar: Int, from first: Int = 0) -> PairReading {
        var generator = SeededRandom(seed: 3)
        let bars = MarketSlot.random(200, using: &generator).enumerated().dropFirst(first).flatMap { index, slot in
            var slot = slot
            if index >= bar { slot.slot += pause }
            return slot.bars(.second)
        }
        let pair = PairDefinition(
            name: "p",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [.second],
            windows: [window]
        )
        var engine = PairEngine(definitions: [pair], settings: EngineSettings(minimumFill: 0.3))
        engine.replay(bars, tests: .none) { _, _ in }
        return engine.readings[0]
    }

    @Test("A pause as long as the window restarts it, however long it is", arguments: [60, 61, 1 << 40] as [Int64])
    func restart(pause: Int64) {
        let paused = Self.reading(pause: pause, before: 170)
        let fresh = Self.reading(pause: pause, before: 170, from: 170)
        #expect(paused.closeTime == fresh.closeTime)
        #expect(paused.observations == 30 && fresh.observations == 30)
        #expect(paused.zScore == fresh.zScore && paused.zScore.value != nil)
        #expect(paused.fit.value?.slope == fresh.fit.value?.slope)
    }

    @Test("Slots without bars count as slots of the window", arguments: [1, 7, 29] as [Int64])
    func counted(pause: Int64) {
        let paused = Self.reading(pause: pause, before: 170)
        #expect(paused.observations == Self.window - Int(pause))
        #expect(Self.reading(pause: 0, before: 170).observations == Self.window)
    }
}

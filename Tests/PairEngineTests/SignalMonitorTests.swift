import MarketData
import TestSupport
import Testing

@testable import PairEngine

@Suite struct SignalMonitorTests {
    private let tests = TestSettings(minimumObservations: 40)

    /// A market in which the spread is shifted by a number of its standard deviations in some of the slots.
    private func market(_ count: Int, pushed: Range<Int> = 0..<0, by push: Double = 0, seed: Int = 1) -> [MarketSlot] {
        var generator = SeededRandom(seed: seed)
        return MarketSlot.random(count, using: &generator).enumerated().map { position, slot in
            guard pushed.contains(position), let y = slot.y.price else { return slot }
            return MarketSlot(slot: slot.slot, y: .traded(y * (1 + push * 2e-4)), x: slot.x)
        }
    }

    @Test("A spread that is pushed aside is extreme after the dwell, and calm again after it")
    func zScore() throws {
        var run = try PairRun(windows: [60], tests: tests)
        let slots = market(240, pushed: 150..<165, by: 12)
        var states: [Bool?] = []
        for slot in slots {
            run.close(slot)
            states.append(run.reading.holds(.zScoreExtreme))
        }
        #expect(states[50] == nil)
        #expect(states[152] == true)
        #expect(states[190...].contains(false))
        #expect(run.reading.signals.entries[0] >= 1)
    }

    @Test("Below the least number of observations stationarity is not judged, and everything is unknown without a fit")
    func unknown() throws {
        var run = try PairRun(windows: [60], tests: TestSettings())
        #expect(Signal.allCases.allSatisfy { run.reading.holds($0) == nil })
        run.close(market(100))
        #expect(run.reading.holds(.stationarityRisk) == nil)
        #expect(run.reading.holds(.volatilitySpike) != nil)
    }

    @Test("A leg that falls silent is no signal, neither while its price is carried nor when it trades again")
    func silence() throws {
        var run = try PairRun(windows: [60], tests: TestSettings())
        var last = 0.0
        for (position, slot) in market(400).enumerated() {
            let isSilent = (200..<240).contains(position)
            run.close(MarketSlot(slot: slot.slot, y: isSilent ? .carried(last) : slot.y, x: slot.x))
            if !isSilent, let price = slot.y.price { last = price }
            if isSilent || (240..<260).contains(position) {
                #expect(run.reading.holds(.correlationBreakdown) != true && run.reading.holds(.volatilitySpike) != true)
            }
            if (222..<240).contains(position) { #expect(run.reading.holds(.zScoreExtreme) == nil) }
        }
    }

    @Test(
        "A restart that replays as much as it asks for ends with the same signals of bars, and counts nothing again",
        arguments: 0..<8
    )
    func restart(seed: Int) throws {
        var generator = SeededRandom(seed: 500 + seed)
        let slots = MarketSlot.random(900, faults: seed % 3, using: &generator)
        var live = try PairRun(windows: [40, 60])
        live.close(Array(slots[..<500]))
        for stop in stride(from: 500, to: 900, by: 80) {
            live.close(Array(slots[stop..<(stop + 80)]))
            var restarted = try PairRun(windows: [40, 60])
            let length = restarted.engine.historyLength(timeframe: restarted.timeframe)
            restarted.warm(with: slots[..<(stop + 80)].suffix(length).flatMap { $0.bars(live.timeframe) })
            for (found, expected) in zip(restarted.engine.readings, live.engine.readings) {
                for signal in Signal.allCases { #expect(found.holds(signal) == expected.holds(signal), "\(signal)") }
                #expect(found.signals.entries == .zero)
            }
        }
        #expect(live.engine.readings.contains { $0.signals.entries != .zero })
    }

    @Test("A second warm start of a running engine continues the counts")
    func rewarm() throws {
        var run = try PairRun(windows: [60], tests: tests)
        let slots = market(240, pushed: 150..<165, by: 12)
        run.close(slots)
        let entries = run.reading.signals.entries
        #expect(entries[0] > 0)
        run.warm(with: slots.flatMap { $0.bars(run.timeframe) })
        #expect(run.reading.signals.entries == entries)
    }

    @Test(
        "Recent bars are few enough for the levels to be within reach",
        arguments: [(60, 10, 20), (240, 20, 20), (30, 5, 10), (10, 5, 5)]
    )
    func recent(window: Int, bars: Int, returns: Int) {
        #expect(SignalThresholds().recentBars(window: window) == bars)
        #expect(SignalThresholds().recentReturns(window: window) == returns)
    }
}

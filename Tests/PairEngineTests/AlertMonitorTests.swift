import Foundation
import MarketData
import Testing

@testable import PairEngine

@Suite struct AlertMonitorTests {
    private static let window = 20

    /// One bar of a reading, and the alerts that hold after it.
    private struct Step {
        var zScore: Double? = 0
        var quality: Double? = 1
        var signals: SignalSet = []
        var confidence: Double? = 0.9
        var isProven = true
    }

    private func alerts(after steps: [Step], settings: AlertSettings = AlertSettings()) -> [SignalSet] {
        var monitor = AlertMonitor(window: Self.window, settings: settings)
        return steps.enumerated().map { slot, step in
            monitor.step(
                .init(zScore: step.zScore, quality: step.quality, signals: step.signals),
                slot: Int64(slot),
                confidence: step.confidence,
                isProven: step.isProven
            )
            return monitor.active
        }
    }

    @Test("A z-score alerts from 3 on and until it is below 1, wherever it is in between")
    func hysteresis() {
        let zScores: [Double] = [2.9, 3, 1.1, 2.9, 1, 0.9, 2.9]
        let holds = alerts(after: zScores.map { Step(zScore: $0) }).map { $0.contains(.zScoreExtreme) }
        #expect(holds == [false, true, true, true, true, false, false])
    }

    @Test(
        "No alert of a z-score begins on a reading that cannot be trusted",
        arguments: [(false, 0.9), (true, 0.49), (true, nil)] as [(Bool, Double?)]
    )
    func untrusted(isProven: Bool, confidence: Double?) {
        #expect(alerts(after: [Step(zScore: 9, confidence: confidence, isProven: isProven)]) == [[]])
    }

    @Test("An alert of a z-score continues without a price, and ends when its last extreme bar has left the window")
    func withoutPrice() {
        let steps = [Step(zScore: 5)] + (0..<Self.window).map { _ in Step(zScore: nil, confidence: nil) }
        let holds = alerts(after: steps).map { $0.contains(.zScoreExtreme) }
        #expect(holds == Array(repeating: true, count: Self.window) + [false])
    }

    @Test(
        "A break alerts for as long as the reading was proven within the window, though it no longer is",
        arguments: [SignalSet.correlationBreakdown, .stationarityRisk]
    )
    func breaks(signal: SignalSet) {
        let steps = [Step()] + (0..<Self.window).map { _ in Step(signals: signal, confidence: 0, isProven: false) }
        let holds = alerts(after: steps).map { $0.contains(signal) }
        #expect(holds == [false] + Array(repeating: true, count: Self.window - 1) + [false])
        #expect(alerts(after: [Step(signals: signal, isProven: false)]) == [[]])
    }

    @Test("A volatility spike alerts on any reading with data of quality, with hysteresis")
    func volatility() {
        let steps = [nil, 0.79, 0.8, 0.7, 0.69, 0.79].map { quality in
            Step(quality: quality, signals: .volatilitySpike, confidence: nil, isProven: false)
        }
        #expect(alerts(after: steps) == [[], [], .volatilitySpike, .volatilitySpike, [], []])
    }

    @Test("A stored state continues its alerts, but not those of other levels")
    func stored() throws {
        func step(_ monitor: inout AlertMonitor, _ zScore: Double, at slot: Int64, isProven: Bool) {
            monitor.step(
                .init(zScore: zScore, quality: 1, signals: .correlationBreakdown),
                slot: slot,
                confidence: isProven ? 0.9 : 0,
                isProven: isProven
            )
        }
        var monitor = AlertMonitor(window: Self.window, settings: AlertSettings())
        step(&monitor, 4, at: 0, isProven: true)
        let stored = try JSONDecoder().decode(AlertMonitor.self, from: JSONEncoder().encode(monitor))
        #expect(stored == monitor)
        let cases: [(settings: AlertSettings, expected: SignalSet)] = [
            (AlertSettings(), [.zScoreExtreme, .correlationBreakdown]),
            (AlertSettings(zScore: 5), .correlationBreakdown),
        ]
        for (settings, expected) in cases {
            var restored = AlertMonitor(window: Self.window, settings: settings)
            restored.restore(stored)
            step(&restored, 2, at: 1, isProven: false)
            #expect(restored.active == expected)
        }
    }
}

import Foundation
import MarketData
import PairEngine
import SimulatedPairs
import TestSupport
import Testing

@Suite struct AlertTests {
    private static let window = 240
    private static let firstSlot: Int64 = 1_000_000

    /// Legs that are proven cointegrated and come apart after seven windows.
    private static let slots: [MarketSlot] = {
        let pair = SimulatedPair(
            .gaussian,
            .cointegrated(halfLife: 5, correlation: 0.9),
            bars: 7 * window + 200,
            change: (.decoupling, 7 * window),
            seed: 1
        )
        return zip(pair.y, pair.x).enumerated().map { offset, prices in
            MarketSlot(slot: firstSlot + Int64(offset), y: .traded(exp(prices.0)), x: .traded(exp(prices.1)))
        }
    }()

    private func run(alerting timeframes: [String] = ["1s"]) throws -> PairRun {
        let alerts = AlertSettings(timeframes: try timeframes.map { try .sample($0) }, minimumConfidence: 0)
        return try PairRun(windows: [Self.window], alerts: alerts)
    }

    private func alerts(_ reading: PairReading) -> [Bool?] { Signal.allCases.map(reading.alerts) }

    @Test("Legs of a proven pair that come apart are an alert, which a restart in its middle continues")
    func breakdown() throws {
        var run = try run()
        var begin: Int?
        for (index, slot) in Self.slots.enumerated() {
            run.close(slot)
            if run.reading.alerts(.correlationBreakdown) == true { begin = begin ?? index }
        }
        let first = try #require(begin)
        #expect((7 * Self.window..<7 * Self.window + 40).contains(first))

        var before = try self.run()
        before.close(Array(Self.slots[...(first + 5)]))
        #expect(before.reading.alerts(.correlationBreakdown) == true)
        let memory = try #require(before.engine.memory(of: 0))
        var after = try self.run()
        let length = before.engine.historyLength(timeframe: before.timeframe)
        let stored = Self.slots[(first + 6 - length)...(first + 5)].flatMap { $0.bars(before.timeframe) }
        after.warm(with: stored, memories: [before.engine.key(of: 0): memory])
        for slot in Self.slots[(first + 6)...] {
            #expect(alerts(after.reading) == alerts(before.reading))
            before.close(slot)
            after.close(slot)
        }
    }

    @Test("Without its bar length in the configuration a reading has signals and no alert")
    func otherTimeframe() throws {
        var run = try run(alerting: ["1m"])
        var held = false
        for slot in Self.slots {
            run.close(slot)
            if run.reading.holds(.correlationBreakdown) == true { held = true }
            #expect(!alerts(run.reading).contains(true))
        }
        #expect(held)
    }

    @Test("An alert is unknown while its signal is")
    func unknown() throws {
        var run = try run()
        #expect(alerts(run.reading) == [nil, nil, nil, nil])
        run.close(Array(Self.slots[...Self.window]))
        #expect(alerts(run.reading)[0] == false)
    }
}

import MarketData
import PairStatistics
import TestSupport
import Testing

@testable import PairEngine

@Suite struct SharedColumnTests {
    /// A bar, and the step at which it comes: late ones come after the pairs' time has run out.
    private struct Arrival {
        let step: Int
        let bar: Bar
        let isRevision: Bool
    }

    private static let steps = 700

    /// Bars of four instruments: gaps, carried closes, legs that come late or not at all, many bars at once, stretches
    /// without a bar, and revisions.
    private func market(seed: Int, _ timeframe: Timeframe) -> [Arrival] {
        var random = SeededRandom(seed: seed)
        var arrivals: [Arrival] = []
        var levels = [Double](repeating: 100, count: 4)
        var ready = [Int](repeating: 0, count: 4)
        var (slot, step) = (Int64(seed) - 20, 0)
        while step < Self.steps {
            if random.uniform() < 0.01 { slot += Int64.random(in: 1..<200, using: &random) }
            for _ in 0..<(random.uniform() < 0.03 ? 40 : 1) {
                let factor = 1e-3 * random.normal()
                for leg in levels.indices {
                    levels[leg] *= 1 + factor + 5e-4 * random.normal()
                    if random.uniform() < 0.02 { continue }
                    if random.uniform() < 0.02 { ready[leg] = step + Int.random(in: 1...5, using: &random) }
                    let made: Leg =
                        random.uniform() < 0.01
                        ? .gap : random.uniform() < 0.05 ? .carried(levels[leg]) : .traded(levels[leg])
                    guard let bar = made.bar(leg, timeframe, slot: slot) else { continue }
                    arrivals.append(Arrival(step: max(step, ready[leg]), bar: bar, isRevision: false))
                    if random.uniform() < 0.01,
                        let revised = Leg.traded(1.001 * levels[leg]).bar(leg, timeframe, slot: slot)
                    {
                        let later = max(step, ready[leg]) + Int.random(in: 1...90, using: &random)
                        arrivals.append(Arrival(step: later, bar: revised, isRevision: true))
                    }
                }
                slot += 1
            }
            step += 1
        }
        // In the order of arrival; bars of the same step in the order of the slots.
        return arrivals.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(
            \.element
        )
    }

    private func definition(_ y: Int, _ x: Int, _ timeframe: Timeframe, _ windows: [Int]) -> PairDefinition {
        var tests = TestSettings()
        tests.minimumObservations = 25
        return PairDefinition(
            name: "\(y)\(x)",
            y: InstrumentID(y),
            x: InstrumentID(x),
            timeframes: [timeframe],
            windows: windows,
            tests: tests
        )
    }

    @Test("The readings of a pair do not depend on the pairs it shares columns with", arguments: 1...4)
    func independence(seed: Int) throws {
        let timeframe = try Timeframe.sample("1s")
        let definitions = [
            definition(0, 1, timeframe, [60, 30]), definition(2, 0, timeframe, [16]),
            definition(1, 3, timeframe, [100]),
            definition(3, 0, timeframe, [20, 40]),
        ]
        let settings = EngineSettings(minimumFill: 0.6)
        var engines = [PairEngine(definitions: definitions, settings: settings)]
        engines += definitions.map { PairEngine(definitions: [$0], settings: settings) }
        let arrivals = market(seed: seed, timeframe)
        var (next, newest, values) = (0, Int64.min, 0)
        for step in 0..<Self.steps {
            let start = next
            while next < arrivals.count, arrivals[next].step <= step { next += 1 }
            newest = arrivals[start..<next].map(\.bar.slot).max().map { max($0, newest) } ?? newest
            guard newest > .min else { continue }
            let now = timeframe.closeTime(of: newest)
            for index in engines.indices {
                for arrival in arrivals[start..<next] {
                    if arrival.isRevision {
                        engines[index].revise(arrival.bar)
                    } else {
                        engines[index].append(arrival.bar)
                    }
                }
                let instruments = (0..<4).map { InstrumentID($0) }
                let watermark = now - (step.isMultiple(of: 3) ? 3_000_000 : 0)
                var jobs = engines[index].advance(instruments: instruments, watermark: watermark, now: now)
                while let job = jobs.popLast() {
                    if let following = engines[index].complete(job, job.run()) { jobs.append(following) }
                }
            }
            guard step.isMultiple(of: 10) else { continue }
            var alone = engines.dropFirst().flatMap { Array($0.readings) }
            for (index, reading) in engines[0].readings.enumerated() {
                alone[index].pair = reading.pair
                #expect(reading.state == alone[index].state)
                values += reading.zScore.value == nil ? 0 : 1
            }
        }
        #expect(values > 100)
    }
}

package import MarketData
import PairStatistics

/// Which of the periodic tests run while bars of the past are processed.
package enum HistoryTests: Sendable {
    /// All tests, with all their figures.
    case all
    /// The last test of each reading with all figures; of the tests before, what the evidence is made from.
    case last
    /// None.
    case none
}

extension PairEngine {
    /// Processes bars of the past as if they had closed one after another: the tests of a slot are complete before the
    /// next slot.
    /// - Parameters:
    ///   - bars: of each timeframe by ascending slot, one timeframe after another.
    ///   - tests: which tests run.
    ///   - body: receives the bars of each slot, and the engine with the readings after them.
    package mutating func replay(
        _ bars: some Sequence<Bar>,
        tests: HistoryTests = .all,
        _ body: (_ bars: [Bar], _ engine: PairEngine) throws -> Void
    ) rethrows {
        var last: [Int: FinishedTest] = [:]
        var slot: [Bar] = []
        for bar in bars {
            if let first = slot.first, first.slot != bar.slot || first.timeframe != bar.timeframe {
                complete(slot, tests, &last)
                try body(slot, self)
                slot.removeAll(keepingCapacity: true)
            }
            slot.append(bar)
        }
        if !slot.isEmpty {
            complete(slot, tests, &last)
            try body(slot, self)
        }
        for (reading, test) in last {
            let outcome = test.job.report(test.judgement ?? test.job.judge())
            monitors[monitorOfReading[reading]].show(test.job, outcome, readings: &readings)
        }
    }

    /// The last test of a reading, whose figures are not computed yet; without a judgement where it counts for no
    /// evidence.
    private struct FinishedTest {
        let job: TestJob
        let judgement: Judgement?
    }

    private mutating func complete(_ slot: [Bar], _ tests: HistoryTests, _ last: inout [Int: FinishedTest]) {
        for bar in slot { append(bar) }
        var jobs = settle(through: slot[0].closeTime)
        while let job = jobs.popLast() {
            let next: TestJob?
            switch tests {
            case .all:
                let result = job.run()
                next = complete(job, result.judgement, result.outcome)
            case .last:
                let judgement = job.isCounted ? job.judge() : nil
                next = complete(job, judgement ?? job.unjudged, nil)
                last[job.reading] = FinishedTest(job: job, judgement: judgement)
            case .none:
                next = complete(job, job.unjudged, nil)
            }
            if let next { jobs.append(next) }
        }
    }

    private mutating func complete(_ job: TestJob, _ judgement: Judgement, _ outcome: TestOutcome?) -> TestJob? {
        monitors[monitorOfReading[job.reading]].complete(job, judgement, outcome, readings: &readings)
    }

    /// Processes bars of the past, in any order, as ``replay(_:tests:_:)`` does with the last tests. Signals end up in
    /// the state that they had, but their beginnings are not counted again.
    /// - Parameter memories: what the tests left before; where the bars reach its slot, tests begin there.
    package mutating func warm(with bars: [Bar], memories: [ReadingKey: ReadingMemory] = [:]) {
        let entries = monitors.map(\.signalEntries)
        restore(memories, reaching: bars)
        replay(bars.sorted { ($0.timeframe, $0.slot) < ($1.timeframe, $1.slot) }, tests: .last) { _, _ in }
        for (position, entries) in entries.enumerated() {
            monitors[position].setSignalEntries(entries, readings: &readings)
        }
    }

    /// Runs the tests of a reading on its window as it is, where they were not due after the last bar.
    package mutating func test(_ reading: Int) {
        guard let closeTime = readings[reading].closeTime, readings[reading].tests.value?.closeTime != closeTime else {
            return
        }
        let monitor = monitorOfReading[reading]
        guard let job = monitors[monitor].test(reading, columns: columns, readings: &readings) else { return }
        let result = job.run()
        _ = complete(job, result.judgement, result.outcome)
    }

    /// The values that a test of a reading sees: the longest stretch of its window without a gap, oldest first, in the
    /// pair's price scale.
    package func testedValues(of reading: Int) -> (x: [Double], y: [Double]) {
        withWindow(of: reading) { $0.testedValues(of: $1) } ?? ([], [])
    }

    /// Calls `body` with the window of a reading and the slots that it is made from; nil before the first slot.
    func withWindow<Output>(of reading: Int, _ body: (PairWindow, PairSlots) -> Output) -> Output? {
        monitors[monitorOfReading[reading]].withWindow(of: reading, columns: columns, body)
    }

    /// Only where the test at the memory's slot will be due again: otherwise all tests of the bars run.
    private mutating func restore(_ memories: [ReadingKey: ReadingMemory], reaching bars: [Bar]) {
        guard !memories.isEmpty else { return }
        var lastSlots: [Leg: Int64] = [:]
        var firstSlots: [Leg: Int64] = [:]
        for bar in bars {
            let leg = Leg(instrument: bar.instrument, timeframe: bar.timeframe)
            lastSlots[leg] = max(lastSlots[leg] ?? .min, bar.slot)
            firstSlots[leg] = min(firstSlots[leg] ?? .max, bar.slot)
        }
        for reading in readings.indices {
            guard let memory = memories[key(of: reading)] else { continue }
            let definition = definitions[readings[reading].pair]
            let legs = [definition.y, definition.x].map {
                Leg(instrument: $0, timeframe: readings[reading].timeframe)
            }
            let isReached = legs.allSatisfy { leg in
                guard let first = firstSlots[leg], let last = lastSlots[leg] else { return false }
                return first + Int64(readings[reading].window) <= memory.slot + 1 && memory.slot <= last
            }
            if isReached { monitors[monitorOfReading[reading]].restore(memory, reading: reading) }
        }
    }

    /// One instrument at one timeframe.
    private struct Leg: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
    }
}

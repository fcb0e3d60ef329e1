import MarketData
import TestSupport
import Testing

@testable import PairsTools

@Suite struct ImportIDRunsTests {
    @Test("the remaining ids are the same as by a comparison with all runs")
    func property() {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            var runs: [ClosedRange<Int64>] = []
            var next = Int64.random(in: 0..<5, using: &random)
            for _ in 0..<Int.random(in: 0..<8, using: &random) {
                let last = next + Int64.random(in: 0..<4, using: &random)
                runs.append(next...last)
                // Some overlap the one before.
                next = max(0, last + Int64.random(in: -2..<4, using: &random))
            }
            runs.sort { $0.lowerBound < $1.lowerBound }
            let first = Int64.random(in: 0..<30, using: &random)
            let ids = first...(first + Int64.random(in: 0..<15, using: &random))
            #expect(IDRuns(runs).subtracted(from: ids) == ids.subtracting(runs), "seed \(seed)")
        }
    }

    @Test("several hundred thousand gaps are compared with missing ids within seconds", .timeLimit(.minutes(1)))
    func manyGaps() {
        let count: Int64 = 100_000
        let missing = (0..<count).map { $0 * 2 + 1...$0 * 2 + 1 }
        let recorded = missing.map { ids in
            IDGap(instrument: InstrumentID(0), firstID: ids.lowerBound, lastID: ids.upperBound, state: .unrepairable)
        }
        let none = IDGapSettlement.changes(
            instrument: InstrumentID(0),
            ids: 0...(2 * count),
            missing: missing,
            recorded: recorded
        )
        #expect(none.isEmpty)
    }
}

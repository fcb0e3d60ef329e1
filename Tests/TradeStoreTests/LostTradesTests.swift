import MarketData
import Testing

@testable import TradeStore

@Suite struct LostTradesTests {
    @Test(
        "lost ids become open holes without overlap",
        arguments: [
            ([1, 2, 3], [1...3]), ([1, 3], [1...1, 3...3]), ([3, 1, 2], [1...3]), ([5, 5, 6, 5], [5...6]),
            ([10, 11, 4, 5, 7, 6, 8, 9], [4...11]),
        ] as [([Int64], [ClosedRange<Int64>])]
    )
    func ranges(ids: [Int64], expected: [ClosedRange<Int64>]) throws {
        var lost = LostTrades()
        lost.drop(StoreBatch(trades: try ids.map { try Samples.trade($0) }))
        #expect(lost.isPending)
        #expect(lost.takeChanges() == expected.map { .put(Samples.hole($0)) })
        #expect(!lost.isPending)
        #expect(lost.takeChanges() == [])
    }

    @Test("hole changes of a dropped batch are kept, the last per hole, and what was lost counts more")
    func holeChanges() throws {
        var lost = LostTrades()
        lost.drop(StoreBatch(holeChanges: [.put(Samples.hole(5...9)), .put(Samples.hole(20...21))]))
        lost.drop(
            StoreBatch(
                trades: try Samples.trades(5...6),
                holeChanges: [
                    .remove(instrument: Samples.btc, firstID: 5), .put(Samples.hole(5...6, state: .repaired)),
                    .put(Samples.hole(7...9)),
                ]
            )
        )
        let changes = lost.takeChanges()
        #expect(changes.last == .put(Samples.hole(5...6)))
        #expect(
            Set(changes) == [
                .put(Samples.hole(5...6)), .put(Samples.hole(5...6, state: .repaired)), .put(Samples.hole(7...9)),
                .put(Samples.hole(20...21)),
            ]
        )
    }

    @Test("a change that would hide a lost hole brings it back")
    func hidden() throws {
        var lost = LostTrades()
        lost.drop(StoreBatch(trades: try Samples.trades(5...6)))
        _ = lost.takeChanges()
        let repaired = HoleChange.put(Samples.hole(5...7, state: .repaired))
        #expect(lost.holesHidden(by: [repaired]) == [.put(Samples.hole(5...6))])
        #expect(lost.holesHidden(by: [.put(Samples.hole(7...7)), .put(Samples.hole(5...6, of: Samples.eth))]) == [])
    }
}

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
        var batch = StoreBatch(trades: [try Samples.trade(12)])
        lost.amend(&batch)
        #expect(batch.holeChanges == expected.map { .put(Samples.hole($0)) })
        #expect(batch.trades.map(\.id) == [12])
    }

    @Test("a loss is told once, with the first trade of its stream that goes beyond it")
    func toldWithTradeBeyond() throws {
        var lost = LostTrades()
        lost.drop(StoreBatch(trades: try Samples.trades(5...6) + Samples.trades(1...9, of: Samples.eth)))
        var notBeyond = StoreBatch(trades: [try Samples.trade(4), try Samples.trade(7, of: Samples.eth)])
        lost.amend(&notBeyond)
        #expect(notBeyond.holeChanges == [])
        var beyond = StoreBatch(
            trades: [try Samples.trade(8)],
            holeChanges: [.put(Samples.hole(7...7))]
        )
        lost.amend(&beyond)
        #expect(beyond.holeChanges == [.put(Samples.hole(5...6)), .put(Samples.hole(7...7))])
        var next = StoreBatch(trades: [try Samples.trade(9)])
        lost.amend(&next)
        #expect(next.holeChanges == [])
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
        var batch = StoreBatch(trades: [try Samples.trade(30)])
        lost.amend(&batch)
        #expect(batch.holeChanges.last == .put(Samples.hole(5...6)))
        #expect(
            Set(batch.holeChanges) == [
                .put(Samples.hole(5...6)), .put(Samples.hole(5...6, state: .repaired)), .put(Samples.hole(7...9)),
                .put(Samples.hole(20...21)),
            ]
        )
    }

    @Test("a later change that would hide a lost hole brings it back")
    func hidden() throws {
        var lost = LostTrades()
        lost.drop(StoreBatch(trades: try Samples.trades(5...6)))
        var first = StoreBatch(trades: [try Samples.trade(9)])
        lost.amend(&first)
        let changes: [HoleChange] = [
            .put(Samples.hole(5...7, state: .repaired)), .put(Samples.hole(8...8)),
            .put(Samples.hole(5...6, of: Samples.eth, state: .repaired)),
        ]
        var second = StoreBatch(trades: [try Samples.trade(7)], holeChanges: changes)
        lost.amend(&second)
        #expect(second.holeChanges == changes + [.put(Samples.hole(5...6))])
    }
}

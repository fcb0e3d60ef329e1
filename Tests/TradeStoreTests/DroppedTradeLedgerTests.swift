import MarketData
import Testing

@testable import TradeStore

@Suite struct DroppedTradeLedgerTests {
    @Test("a loss is written once, with the first trade of its stream beyond it")
    func writtenWithTradeBeyond() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(trades: try Samples.trades(5...6) + Samples.trades(1...9, of: Samples.eth)))
        var notBeyond = StoreBatch(trades: [try Samples.trade(4), try Samples.trade(7, of: Samples.eth)])
        lost.amend(&notBeyond)
        #expect(notBeyond.gapChanges == [])
        var beyond = StoreBatch(
            trades: [try Samples.trade(8)],
            gapChanges: [.put(Samples.gap(7...7))]
        )
        lost.amend(&beyond)
        #expect(beyond.gapChanges == [.put(Samples.gap(5...6)), .put(Samples.gap(7...7))])
        var next = StoreBatch(trades: [try Samples.trade(9)])
        lost.amend(&next)
        #expect(next.gapChanges == [])
    }

    @Test("gap changes of a dropped batch are kept, the last per gap, and lost ids override them")
    func gapChanges() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(gapChanges: [.put(Samples.gap(5...9)), .put(Samples.gap(20...21))]))
        lost.drop(
            StoreBatch(
                trades: try Samples.trades(5...6),
                gapChanges: [
                    .remove(instrument: Samples.btc, firstID: 5), .put(Samples.gap(5...6, state: .repaired)),
                    .put(Samples.gap(7...9)),
                ]
            )
        )
        var batch = StoreBatch(trades: [try Samples.trade(30)])
        lost.amend(&batch)
        #expect(batch.gapChanges.last == .put(Samples.gap(5...6)))
        #expect(
            Set(batch.gapChanges) == [
                .put(Samples.gap(5...6)), .put(Samples.gap(5...6, state: .repaired)), .put(Samples.gap(7...9)),
                .put(Samples.gap(20...21)),
            ]
        )
    }

    @Test("a lost gap is written again after a change that would overwrite it")
    func hidden() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(trades: try Samples.trades(5...6)))
        var first = StoreBatch(trades: [try Samples.trade(9)])
        lost.amend(&first)
        let changes: [IDGapChange] = [
            .put(Samples.gap(5...7, state: .repaired)), .put(Samples.gap(8...8)),
            .put(Samples.gap(5...6, of: Samples.eth, state: .repaired)),
        ]
        var second = StoreBatch(trades: [try Samples.trade(7)], gapChanges: changes)
        lost.amend(&second)
        #expect(second.gapChanges == changes + [.put(Samples.gap(5...6))])
    }

    @Test("gap changes of a dropped batch are written before later ones of the stream")
    func changesInOrder() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(trades: try Samples.trades(30...31), gapChanges: [.put(Samples.gap(20...21))]))
        let filled: [IDGapChange] = [
            .remove(instrument: Samples.btc, firstID: 20), .put(Samples.gap(20...20, state: .repaired)),
            .put(Samples.gap(21...21)),
        ]
        var batch = StoreBatch(trades: [try Samples.trade(20)], gapChanges: filled)
        lost.amend(&batch)
        #expect(batch.gapChanges == [.put(Samples.gap(20...21)), .put(Samples.gap(30...31))] + filled)
    }

    @Test("trades that the venue delivers again are written, and the other ids stay a gap")
    func restoring() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(trades: try Samples.trades(5...9) + Samples.trades(1...2, of: Samples.eth)))
        #expect(lost.missing(of: [Samples.btc]) == [Self.missing(5...9, of: Samples.btc, before: 9)])
        #expect(lost.missing(of: [Samples.eth]) == [Self.missing(1...2, of: Samples.eth, before: 2)])
        let batch = lost.restore(try Samples.trades(6...7) + Samples.trades(20...21))
        #expect(batch.trades.map(\.id) == [6, 7])
        #expect(
            batch.gapChanges == [
                .remove(instrument: Samples.btc, firstID: 5), .put(Samples.gap(6...7, state: .repaired)),
                .put(Samples.gap(5...5)), .put(Samples.gap(8...9)),
            ]
        )
        #expect(try !lost.contains(Samples.trade(6)) && lost.contains(Samples.trade(8)))
        #expect(lost.restore(try Samples.trades(6...7)).isEmpty)
        #expect(lost.missing(of: [Samples.btc]).map(\.ids) == [5...5, 8...9])
    }

    @Test("ids that the venue does not have are unrepairable and not requested again")
    func givingUp() throws {
        var lost = DroppedTradeLedger()
        lost.drop(StoreBatch(trades: try Samples.trades(5...9)))
        #expect(
            lost.markUnrepairable(1...6, of: Samples.btc).gapChanges == [
                .remove(instrument: Samples.btc, firstID: 5), .put(Samples.gap(5...6, state: .unrepairable)),
                .put(Samples.gap(7...9)),
            ]
        )
        #expect(lost.markUnrepairable(1...6, of: Samples.btc).isEmpty)
        #expect(lost.markUnrepairable(1...6, of: Samples.eth).isEmpty)
        #expect(lost.missing(of: [Samples.btc, Samples.eth]).map(\.ids) == [7...9])
    }

    private static func missing(
        _ ids: ClosedRange<Int64>,
        of instrument: InstrumentID,
        before seconds: Int64
    ) -> RepairRequest {
        RepairRequest(instrument: instrument, ids: ids, before: Samples.time(seconds))
    }
}

import MarketData
import Testing

@Suite struct TradeTimeCheckTests {
    private let arrival = Timestamp(microseconds: 1_700_000_000_000_000)

    @Test(
        "The first trade may be a day ahead of its arrival, and as far behind as it likes",
        arguments: [(86_400_000_000, true), (86_400_000_001, false), (-1_000_000_000_000_000, true)] as [(Int64, Bool)]
    )
    func first(ahead: Int64, isAccepted: Bool) {
        var check = TradeTimeCheck()
        let accepted = check.accepts(arrival + ahead, receivedAt: arrival)
        #expect(accepted == isAccepted)
    }

    @Test("A later trade may be a minute further ahead than the one before, whatever the venue's clock says")
    func later() {
        for lead: Int64 in [0, 3_600_000_000] {
            var check = TradeTimeCheck()
            let accepted = [lead, lead + 60_000_001, lead + 60_000_000].map { ahead in
                check.accepts(arrival + ahead, receivedAt: arrival)
            }
            #expect(accepted == [true, false, true])
        }
    }

    @Test("Recorded trades, years behind their arrival, may jump by any amount up to it")
    func recorded() {
        var check = TradeTimeCheck()
        let accepted = [-86_400_000_000_000, -1, 3_600_000_000].map { ahead in
            check.accepts(arrival + ahead, receivedAt: arrival)
        }
        #expect(accepted == [true, true, false])
    }

    @Test("Of a batch the greatest time that is believed counts")
    func greatest() {
        func batch(_ leads: [Int64]) -> TradeBatch {
            let trades = leads.map { lead in
                Trade(
                    instrument: InstrumentID(0),
                    id: 1,
                    time: arrival + lead,
                    price: FixedDecimal(mantissa: 1, scale: 0),
                    quantity: FixedDecimal(mantissa: 1, scale: 0),
                    takerSide: .buy
                )
            }
            return TradeBatch(trades: trades, receivedAt: arrival)
        }
        var check = TradeTimeCheck()
        #expect(check.greatestTime(in: batch([])) == nil)
        #expect(check.greatestTime(in: batch([86_400_000_001])) == nil)
        #expect(check.greatestTime(in: batch([-5, 3, -1, 90_000_000])) == arrival + 3)
    }
}

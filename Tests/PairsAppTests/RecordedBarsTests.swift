import MarketData
import Testing

@testable import PairsApp

@Suite struct RecordedBarsTests {
    @Test("Each bar is listed once, in the order of slots, with the market engine's values")
    func order() throws {
        let timeframe = try #require(Timeframe("1s"))
        func bar(_ instrument: Int, _ slot: Int64, _ state: BarState = .traded) -> Bar {
            let prices = state == .gap ? nil : BarPrices.carried(1)
            return Bar(
                instrument: InstrumentID(instrument),
                timeframe: timeframe,
                slot: slot,
                state: state,
                prices: prices
            )
        }
        let recorded = RecordedBars(
            later: [bar(1, 5), bar(0, 5), bar(0, 6)],
            recording: [bar(0, 6, .gap), bar(1, 6), bar(0, 7)]
        )
        #expect(recorded.bars == [bar(0, 5), bar(1, 5), bar(0, 6, .gap), bar(1, 6), bar(0, 7)])
    }
}

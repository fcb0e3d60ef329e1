import MarketData
import Testing

@testable import TradeStore

@Suite struct DeferredBarsTests {
    @Test("the last bar of each slot is kept, up to the limit")
    func keeping() throws {
        var bars = DeferredBars(limit: 2)
        #expect(bars.isEmpty)
        #expect(bars.keep([try Samples.bar(1), try Samples.bar(2), try Samples.bar(3)]) == 1)
        #expect(bars.keep([try Samples.bar(2, close: 5)]) == 0)
        let removed = bars.removeAll().sorted { $0.slot < $1.slot }
        #expect(removed == [try Samples.bar(1), try Samples.bar(2, close: 5)])
        #expect(bars.isEmpty)
    }
}

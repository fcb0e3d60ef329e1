import MarketData
import Testing

@testable import TradeFeeds

@Suite struct SymbolTableTests {
    @Test("every symbol is found under its number and nothing else is found", arguments: [0, 1, 7, 200, 2000])
    func lookup(count: Int) {
        let symbols = (0..<count).map { ("COIN\($0)USDT", InstrumentID($0)) }
        let table = SymbolTable(symbols)
        for (symbol, id) in symbols {
            let bytes = Array(symbol.utf8)
            let found = table.id(of: bytes.span.bytes)
            #expect(found == id)
        }
        for other in ["", "COIN", "COIN\(count)USDT", "coin0usdt", "COIN0USDTX", "BTCUSDT"] {
            let bytes = Array(other.utf8)
            let found = table.id(of: bytes.span.bytes)
            #expect(found == nil)
        }
    }
}

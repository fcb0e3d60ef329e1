import MarketData
import Testing

@testable import TradeFeeds

@Suite struct SymbolTableTests {
    @Test("every symbol is found with its id and no other text is found", arguments: [0, 1, 7, 200, 2000])
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

    @Test("symbols that differ only in the middle are distinguished")
    func longSymbols() {
        let symbols = ["BTC-USDT-260925-PERPETUAL", "BTC-USDT-261225-PERPETUAL", "BTC-USDT-270326-PERPETUAL"]
        let table = SymbolTable(symbols.enumerated().map { ($1, InstrumentID($0)) })
        for (position, symbol) in symbols.enumerated() {
            let text = Array(">\(symbol)<".utf8)
            let found = table.id(of: 1..<(text.count - 1), in: text.span.bytes)
            #expect(found == InstrumentID(position))
        }
    }
}

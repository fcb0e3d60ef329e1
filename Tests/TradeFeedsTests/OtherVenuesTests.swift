import MarketData
import TestSupport
import Testing

@testable import TradeFeeds

/// With a wrong address or a faulty proxy, messages of another venue must not be decoded to trades.
@Suite(.enabled(if: SharedData.hasRecordings)) struct OtherVenuesTests {
    private static let recordings = [
        "BINANCE.ws.1.0.txt.gz", "BINANCE_FUTURES.ws.1.0.txt.gz", "BYBIT.ws.25.0.txt.gz", "BYBIT.ws.26.0.txt.gz",
        "COINBASE.ws.28.0.txt.gz", "KRAKEN.ws.50.0.txt.gz", "OKX.ws.1.0.txt.gz",
    ]

    private static let symbols = [
        "BTCUSDT", "BTC-USDT", "BTC-USDT-SWAP", "BTC-USD", "BTC/USD", "XBT/USD", "EOSUSD", "BTCUSD", "SKL-USD",
        "UNI-USD-SWAP",
    ]
    .enumerated().map { ($1, InstrumentID($0)) }

    private func trades(of name: String, with decoder: some FrameDecoder) throws -> [Trade] {
        var decoder = decoder
        var trades: [Trade] = []
        for message in try SharedData.messages(of: name).prefix(300) {
            _ = decoder.decode(Array(message.utf8).span.bytes, into: &trades)
        }
        return trades
    }

    @Test("messages of another venue are not trades", arguments: recordings)
    func others(name: String) throws {
        if !name.hasPrefix("BINANCE") {
            #expect(try trades(of: name, with: BinanceTradeDecoder(stream: .aggTrade, symbols: Self.symbols)) == [])
            #expect(try trades(of: name, with: BinanceTradeDecoder(stream: .trade, symbols: Self.symbols)) == [])
        }
        if !name.hasPrefix("OKX") {
            #expect(try trades(of: name, with: OKXTradeDecoder(channel: "trades", symbols: Self.symbols)) == [])
        }
        // The recordings of Bybit and Kraken are of older protocols.
        #expect(try trades(of: name, with: BybitTradeDecoder(symbols: Self.symbols)) == [])
        #expect(try trades(of: name, with: KrakenTradeDecoder(symbols: Self.symbols)) == [])
        if !name.hasPrefix("COINBASE") {
            #expect(try trades(of: name, with: CoinbaseTradeDecoder(symbols: Self.symbols)) == [])
        }
    }
}

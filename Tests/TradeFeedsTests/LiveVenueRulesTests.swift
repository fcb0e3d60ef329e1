import Testing
import TradeFeeds

@Suite struct LiveVenueRulesTests {
    @Test(
        "A symbol has the form of its venue",
        arguments: [
            (.binanceUSDM, "BTCUSDT", nil), (.binanceUSDM, "BTCUSDT_260327", nil), (.binanceSpot, "币安人生USDT", nil),
            (.binanceSpot, "BTC-USDT", "Binance writes its symbols without dashes: BTCUSDT"),
            (.binanceSpot, "BTC/USDT", "no symbol of a venue looks like this; write one such as BTCUSDT"),
            (.okx, "BTC-USDT", nil), (.okx, "BTC-USD-260327-60000-C", nil), (.okx, "BTC-USD_UM-260327", nil),
            (.okx, "ETHUSDT", "OKX writes its symbols with dashes: ETH-USDT or ETH-USDT-SWAP"),
            (.okx, "NONSENSE", "OKX writes its symbols with dashes: BTC-USDT-SWAP"),
            (.okx, "-USDT", "no symbol of a venue looks like this; write one such as BTC-USDT-SWAP"),
            (.coinbase, "BTC-USD", nil), (.coinbase, "BTCUSD", "Coinbase writes its symbols with a dash: BTC-USD"),
            (.bybit, "1000PEPEUSDT", nil), (.bybit, "BTCUSDT-26DEC25", nil), (.bybit, "BTCPERP", nil),
            (.bybit, "BTC-USDT", "Bybit writes its symbols without dashes: BTCUSDT"),
            (.bybit, "BTC-USDT-SWAP", "Bybit writes its symbols without dashes: BTCUSDT"),
            (.bybit, "btcusdt", "the venue writes its symbols in capitals: BTCUSDT"),
            (.bybit, "BTC/USDT", "no symbol of a venue looks like this; write one such as BTCUSDT"),
            (.kraken, "BTC/USD", nil), (.kraken, "AAPLx/USD", nil), (.kraken, "ETH2.S/USD", nil),
            (.kraken, "BTCUSD", "Kraken writes its symbols with a slash: BTC/USD"),
            (.kraken, "ETH-EUR", "Kraken writes its symbols with a slash: ETH/EUR"),
            (.kraken, "/USD", "Kraken writes its symbols with a slash: BTC/USD"),
            (.kraken, "A/B/C", "Kraken writes its symbols with a slash: BTC/USD"),
            (.kraken, "XBT/USD", "Kraken's code of bitcoin is BTC: BTC/USD"),
            (.kraken, "btc/usd", "the venue writes its symbols in capitals: BTC/USD"),
            (.coinbase, "btc-usd", "the venue writes its symbols in capitals: BTC-USD"),
        ] as [(VenueDescriptor, String, String?)]
    )
    func symbols(venue: VenueDescriptor, symbol: String, problem: String?) {
        #expect(venue.problem(ofSymbol: symbol) == problem)
    }

    @Test(
        "An address of streams holds neither what the feed adds itself nor what changes the messages",
        arguments: [
            (.binanceSpot, "wss://proxy.example/prefix?token=x", nil),
            (
                .binanceSpot, "wss://x?timeunit=microsecond",
                "timeunit: the feed reads times in milliseconds; leave it out"
            ),
            (
                .binanceSpot, "wss://x?a=b&timeUnit=MICROSECOND",
                "timeUnit: the feed reads times in milliseconds; leave it out"
            ),
            (.binanceUSDM, "wss://x?streams=btcusdt@trade", "streams: the feed adds the streams itself; leave it out"),
            (.binanceUSDM, "wss://fstream.binance.com/ws/", "the feed adds the path /ws itself; leave it out"),
            (.okx, "wss://ws.okx.com:8443/ws/v5/public", "the feed adds the path /ws/v5/public itself; leave it out"),
            (.bybit, "wss://stream.bybit.com/v5/public/linear", "the feed adds the path /v5/public/linear itself"),
            (.kraken, "wss://ws.kraken.com/v2", "the feed adds the path /v2 itself; leave it out"),
            (.coinbase, "wss://ws-feed.exchange.coinbase.com/ws", nil),
            (.coinbase, "wss://x:0", "the port is not a number"),
        ] as [(VenueDescriptor, String, String?)]
    )
    func websocketAddresses(venue: VenueDescriptor, address: String, problem: String?) {
        var found: String?
        do throws(FeedConfigurationError) {
            try venue.check(websocketURL: address)
        } catch {
            found = error.description
        }
        #expect(problem.map { found?.contains($0) == true } ?? (found == nil), "\(found ?? "accepted")")
    }

    @Test(
        "An address of REST is host, port and path",
        arguments: ["https://x/?a=b", "https://x y", "wss://x", "https://"]
    )
    func restAddresses(address: String) throws {
        #expect(throws: FeedConfigurationError.self) { try VenueDescriptor.okx.check(restURL: address) }
        try VenueDescriptor.okx.check(restURL: "https://www.okx.com/prefix/")
    }
}

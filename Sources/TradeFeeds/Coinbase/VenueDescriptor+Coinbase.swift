import MarketData

extension VenueDescriptor {
    /// Coinbase Exchange.
    package static let coinbase = VenueDescriptor(
        venue: .coinbase,
        websocketURL: "wss://ws-feed.exchange.coinbase.com",
        restURL: "https://api.exchange.coinbase.com",
        streamNames: ["matches"],
        examplePair: ("ETH-USD", "BTC-USD"),
        symbolRule: .separated(by: "-", "a dash", "Coinbase"),
        samples: VenueSamples(
            symbol: "BTC-USD",
            frames: [
                #"{"type":"match","trade_id":865127782,"side":"buy","size":"0.00173","price":"57000.01","#
                    + #""product_id":"BTC-USD","sequence":50,"time":"2024-08-08T23:54:17.235874Z"}"#,
                #"{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","#
                    + #""time":"2014-11-07T08:19:28Z"}"#,
                #"{"type":"error","message":"Failed to subscribe","reason":"not a product"}"#,
            ],
            serverTime: #"{"iso":"2015-01-07T23:47:25.201Z","epoch":1420674445.201}"#,
            trades:
                #"[{"time":"2014-11-07T22:19:28.578544Z","trade_id":74,"price":"10.00","size":"0.01","side":"buy"}]"#,
            candles: "[[1415398768,0.32,4.2,0.35,4.2,12.3]]",
            recordedSymbols: ["SKL-USD", "SKL-BTC", "BAND-GBP", "NMR-EUR", "BAND-BTC", "YFI-BTC"],
            recordedDecoder: { CoinbaseTradeDecoder(symbols: $0) }
        ),
        makeAdapter: { base, _ in CoinbaseAdapter(base: base) }
    )
}

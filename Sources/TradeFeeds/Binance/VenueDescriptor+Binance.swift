import MarketData

extension VenueDescriptor {
    /// Binance USD-M futures.
    package static let binanceUSDM = VenueDescriptor(
        venue: .binanceUSDM,
        websocketURL: "wss://fstream.binance.com",
        restURL: "https://fapi.binance.com",
        streamNames: BinanceStream.allCases.map(\.rawValue),
        examplePair: ("ETHUSDT", "BTCUSDT"),
        symbolRule: .withoutDashes("Binance"),
        ownPaths: ["/stream", "/ws"],
        samples: .binance(
            recorded: .aggTrade,
            symbols: ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"]
        ),
        makeAdapter: { BinanceUSDMAdapter(base: $0, stream: BinanceStream(rawValue: $1) ?? .aggTrade) }
    )

    /// Binance spot.
    package static let binanceSpot = VenueDescriptor(
        venue: .binanceSpot,
        websocketURL: "wss://stream.binance.com:9443",
        restURL: "https://api.binance.com",
        streamNames: BinanceStream.allCases.map(\.rawValue),
        examplePair: ("ETHUSDT", "BTCUSDT"),
        symbolRule: .withoutDashes("Binance"),
        ownPaths: ["/stream", "/ws"],
        samples: .binance(
            recorded: .trade,
            symbols: ["BTCUSDT", "ETHUSDT"]
        ),
        makeAdapter: { BinanceSpotAdapter(base: $0, stream: BinanceStream(rawValue: $1) ?? .aggTrade) }
    )
}

extension VenueSamples {
    fileprivate static func binance(recorded stream: BinanceStream, symbols: [String]) -> VenueSamples {
        VenueSamples(
            symbol: "BTCUSDT",
            frames: [
                #"{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1723161600999,"s":"BTCUSDT","a":101,"#
                    + #""p":"61800.30","q":"0.5","f":5,"l":6,"T":1723161600999,"m":true}}"#,
                #"{"result":null,"id":1}"#, #"{"e":"serverShutdown","E":1770123456789}"#,
            ],
            serverTime: #"{"serverTime":1723161600999}"#,
            trades: #"[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]"#,
            candles: #"[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815","#
                + #"1499644799999,"2434.19055334",308,"1756.87402397","28.46694368","0"]]"#,
            recordedSymbols: symbols,
            recordedDecoder: { BinanceTradeDecoder(stream: stream, symbols: $0) }
        )
    }
}

import MarketData

extension VenueDescriptor {
    /// OKX, mainly its perpetual swaps.
    package static let okx = VenueDescriptor(
        venue: .okx,
        websocketURL: "wss://ws.okx.com:8443",
        restURL: "https://www.okx.com",
        streamNames: ["trades-all"],
        examplePair: ("ETH-USDT-SWAP", "BTC-USDT-SWAP"),
        symbolRule: .separated(by: "-", "dashes", suffixes: ["", "-SWAP"], "OKX"),
        ownPaths: ["/ws/v5/business", "/ws/v5/public"],
        samples: VenueSamples(
            symbol: "BTC-USDT-SWAP",
            frames: [
                #"{"arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","#
                    + #""tradeId":"130639474","px":"42219.9","sz":"0.12","side":"buy","ts":"1630048897897"}]}"#,
                "pong", #"{"event":"error","code":"60018","msg":"Wrong URL","connId":"a4d3ae55"}"#,
                #"{"event":"notice","code":"64008","msg":"The connection will soon be closed"}"#,
            ],
            serverTime: #"{"code":"0","msg":"","data":[{"ts":"1597026383085"}]}"#,
            trades: #"{"code":"0","msg":"","data":[{"instId":"BTC-USDT-SWAP","side":"sell","sz":"0.01","#
                + #""px":"29963.2","tradeId":"242720720","ts":"1654161646974"}]}"#,
            candles:
                #"{"code":"0","msg":"","data":[["1597026383085","3.721","3.743","3.677","3.708","8422","1","2","1"]]}"#,
            recordedSymbols: ["BTC-USD-220527", "UNI-USD-SWAP", "BTC-USDT"],
            recordedDecoder: { OKXTradeDecoder(channel: "trades", symbols: $0) }
        ),
        makeAdapter: { base, _ in OKXAdapter(base: base) }
    )
}

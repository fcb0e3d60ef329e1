import MarketData

extension VenueDescriptor {
    /// Bybit, its linear perpetuals and futures.
    package static let bybit = VenueDescriptor(
        venue: .bybit,
        websocketURL: "wss://stream.bybit.com",
        restURL: "https://api.bybit.com",
        streamNames: ["publicTrade"],
        examplePair: ("ETHUSDT", "BTCUSDT"),
        // Futures have a date after a dash: BTCUSDT-26DEC25.
        symbolRule: .withoutDashes("Bybit") { $0 != "SWAP" && !SymbolRule.isQuote($0) },
        ownPaths: ["/v5/public/linear", "/v5/public/spot", "/v5/public/inverse"],
        samples: VenueSamples(
            symbol: "BTCUSDT",
            frames: [
                #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"#
                    + #""s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f4","BT":false,"#
                    + #""seq":1783284617}]}"#
            ],
            serverTime:
                #"{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1688639403","timeNano":"1688639403423213947"}}"#,
            trades:
                #"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"execId":"a905d5c3","#
                + #""symbol":"BTCUSDT","price":"16618.49","size":"0.00012","side":"Buy","time":"1672052955758","#
                + #""isBlockTrade":false,"seq":"123456"}]},"time":1672053054358}"#,
            candles:
                #"{"retCode":0,"result":{"list":[["1670608800000","17071","17073","17027","17055.5","268611","15.74"]]}}"#,
            recordedSymbols: ["BTCUSDT", "ETHUSDT"],
            recordedDecoder: { BybitTradeDecoder(symbols: $0) }
        ),
        makeAdapter: { base, _ in BybitAdapter(base: base) }
    )
}

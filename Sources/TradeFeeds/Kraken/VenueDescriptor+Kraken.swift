import MarketData

extension VenueDescriptor {
    /// Kraken spot.
    package static let kraken = VenueDescriptor(
        venue: .kraken,
        websocketURL: "wss://ws.kraken.com",
        restURL: "https://api.kraken.com",
        streamNames: ["trade"],
        examplePair: ("ETH/USD", "BTC/USD"),
        symbolRule: SymbolRule(problem: krakenProblem),
        ownPaths: ["/v2"],
        samples: VenueSamples(
            symbol: "BTC/USD",
            frames: [
                #"{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":105944.20,"#
                    + #""qty":0.00027625,"ord_type":"limit","trade_id":10218208,"timestamp":"2023-10-06T17:35:55.440295Z"}]}"#
            ],
            serverTime: #"{"error":[],"result":{"unixtime":1688669448,"rfc1123":"Thu, 06 Jul 23 18:50:48 +0000"}}"#,
            trades:
                #"{"error":[],"result":{"XXBTZUSD":[["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]],"#
                + #""last":"1688671969993150842"}}"#,
            candles:
                #"{"error":[],"result":{"XXBTZUSD":[[1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1","#
                + #""3.39243896",23]],"last":1688672160}}"#,
            recordedSymbols: ["BTC/USD", "MATIC/USD"],
            recordedDecoder: { KrakenTradeDecoder(symbols: $0) }
        ),
        makeAdapter: { base, _ in KrakenAdapter(base: base) }
    )

    /// Why a text cannot be a pair of Kraken, and a correction.
    @Sendable private static func krakenProblem(_ symbol: String, _ example: String) -> String? {
        // Names of tokenized shares, such as AAPLx/USD, have one small letter.
        guard symbol != symbol.lowercased() else {
            return "the venue writes its symbols in capitals: \(symbol.uppercased())"
        }
        let parts = symbol.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty
                && part.unicodeScalars.allSatisfy {
                    $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == ".")
                }
        }
        guard parts.count == 2, isPlain else {
            let pair = SymbolRule.corrections(symbol.filter { $0 != "-" && $0 != "/" }, "/") ?? example
            return "Kraken writes its symbols with a slash: \(pair)"
        }
        // WebSocket v2 has no pair with the old code.
        guard !parts.contains("XBT") else {
            return "Kraken's code of bitcoin is BTC: \(parts.map { $0 == "XBT" ? "BTC" : $0 }.joined(separator: "/"))"
        }
        return nil
    }
}

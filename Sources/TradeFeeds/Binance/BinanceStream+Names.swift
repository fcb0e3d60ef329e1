import MarketData

extension BinanceStream {
    /// The names of streams as a combined endpoint takes them, such as `btcusdt@aggTrade`.
    func names(of streams: [TradeStream]) -> [String] {
        streams.map { "\(WebSocketEndpoint.escaped($0.instrument.symbol.lowercased()))@\(rawValue)" }
    }

    /// The messages that end streams and ask for them again.
    func renewal(of streams: [TradeStream]) -> [String] {
        let names = streams.map { "\($0.instrument.symbol.lowercased())@\(rawValue)".jsonText }.joined(separator: ",")
        return ["UNSUBSCRIBE", "SUBSCRIBE"].enumerated().map { number, method in
            #"{"method":"\#(method)","params":[\#(names)],"id":\#(number + 1)}"#
        }
    }
}

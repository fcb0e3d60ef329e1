import MarketData

extension BinanceStream {
    /// The names of streams for the query of a combined endpoint, such as `btcusdt@aggTrade`.
    func names(of streams: [TradeStream]) -> [String] {
        streams.map { "\(WebSocketEndpoint.escaped($0.instrument.symbol.lowercased()))@\(rawValue)" }
    }

    /// `{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":2}`.
    func message(_ request: SubscriptionRequest, _ streams: [TradeStream]) -> String {
        let names = streams.map { "\($0.instrument.symbol.lowercased())@\(rawValue)".jsonText }.joined(separator: ",")
        let id = request == .unsubscribe ? 1 : 2
        return #"{"method":"\#(request.rawValue.uppercased())","params":[\#(names)],"id":\#(id)}"#
    }
}

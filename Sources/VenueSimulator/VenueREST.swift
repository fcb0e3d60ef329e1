import MarketData

/// Answers Binance's REST requests for market data from a recording (developers.binance.com, USD-M futures).
struct VenueREST: Sendable {
    struct Answer {
        var status = 200
        var weight = 1
        var headers: [String: String] = [:]
        var body: String
    }

    let recording: VenueRecording

    /// Answers a request according to a step.
    func answer(_ target: String, _ step: VenueRESTStep) -> Answer {
        switch step {
        case .answer:
            return answer(target)
        case .reply(let body):
            return Answer(body: body)
        case .without(let ids):
            var known = recording
            known.trades = known.trades.mapValues { $0.filter { !ids.contains($0.id) } }
            return VenueREST(recording: known).answer(target)
        case .refuse(let status, let headers):
            return Answer(status: status, headers: headers, body: #"{"code":-1003,"msg":"Commanded."}"#)
        case .time(let offset):
            guard target.hasSuffix("/time") else { return answer(target) }
            return Answer(body: "{\"serverTime\":\(WallClock.milliseconds + offset)}")
        }
    }

    func answer(_ target: String) -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1)
        var query: [String: String] = [:]
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { query[String(pair[0])] = String(pair[1]) }
        }
        switch parts.first ?? "" {
        case "/fapi/v1/time": return Answer(body: "{\"serverTime\":\(serverTime)}")
        case "/fapi/v1/aggTrades": return withTrades(query) { aggregateTrades($0, query) }
        case "/fapi/v1/trades": return withTrades(query) { recentTrades($0, query) }
        case "/fapi/v1/klines": return withTrades(query) { klines($0, query) }
        default: return Answer(status: 404, body: #"{"code":-5000,"msg":"Path not found"}"#)
        }
    }

    /// The venue's time is that of the recording's last trade.
    private var serverTime: Int64 {
        recording.trades.values.compactMap { $0.last?.milliseconds }.max() ?? 0
    }

    private func withTrades(_ query: [String: String], _ answer: ([RecordedTrade]) -> Answer) -> Answer {
        guard let symbol = query["symbol"], let trades = recording.trades[symbol] else {
            return Answer(status: 400, body: #"{"code":-1121,"msg":"Invalid symbol."}"#)
        }
        return answer(trades)
    }

    private func aggregateTrades(_ trades: [RecordedTrade], _ query: [String: String]) -> Answer {
        let limit = limit(query, standard: 500, most: 1000)
        let page: ArraySlice<RecordedTrade>
        if let first = number(query, "fromId") {
            guard query["startTime"] == nil, query["endTime"] == nil else {
                return Answer(
                    status: 400,
                    weight: 20,
                    body: #"{"code":-1128,"msg":"Combination of optional parameters invalid."}"#
                )
            }
            page = trades.drop { $0.id < first }.prefix(limit)
        } else if query["startTime"] != nil || query["endTime"] != nil {
            page = within(trades, query).prefix(limit)
        } else {
            page = trades.suffix(limit)
        }
        let items = page.map {
            """
            {"a":\($0.id),"p":"\($0.price)","q":"\($0.quantity)","f":\($0.id),"l":\($0.id),"T":\($0.milliseconds),\
            "m":\($0.buyerIsMaker)}
            """
        }
        return Answer(weight: 20, body: "[\(items.joined(separator: ","))]")
    }

    private func recentTrades(_ trades: [RecordedTrade], _ query: [String: String]) -> Answer {
        let items = trades.suffix(limit(query, standard: 500, most: 1000)).map {
            """
            {"id":\($0.id),"price":"\($0.price)","qty":"\($0.quantity)",\
            "quoteQty":"\($0.price.doubleValue * $0.quantity.doubleValue)","time":\($0.milliseconds),\
            "isBuyerMaker":\($0.buyerIsMaker)}
            """
        }
        return Answer(weight: 5, body: "[\(items.joined(separator: ","))]")
    }

    private func klines(_ trades: [RecordedTrade], _ query: [String: String]) -> Answer {
        guard let timeframe = query["interval"].flatMap({ Timeframe($0) }) else {
            return Answer(status: 400, body: #"{"code":-1120,"msg":"Invalid interval."}"#)
        }
        let limit = limit(query, standard: 500, most: 1500)
        let slots = Dictionary(grouping: within(trades, query)) { timeframe.slot(of: $0.time) }
        let keys = slots.keys.sorted()
        let page = query["startTime"] == nil ? keys.suffix(limit) : keys.prefix(limit)
        let items = page.map { kline(timeframe, slot: $0, slots[$0] ?? []) }
        let weight = limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10
        return Answer(weight: weight, body: "[\(items.joined(separator: ","))]")
    }

    private func kline(_ timeframe: Timeframe, slot: Int64, _ trades: [RecordedTrade]) -> String {
        guard let first = trades.first, let last = trades.last else { return "" }
        let high = trades.max { $0.price.doubleValue < $1.price.doubleValue } ?? first
        let low = trades.min { $0.price.doubleValue < $1.price.doubleValue } ?? first
        let volume = trades.reduce(0) { $0 + $1.quantity.doubleValue }
        let quote = trades.reduce(0) { $0 + $1.quantity.doubleValue * $1.price.doubleValue }
        let taken = trades.filter { !$0.buyerIsMaker }
        let takenVolume = taken.reduce(0) { $0 + $1.quantity.doubleValue }
        let takenQuote = taken.reduce(0) { $0 + $1.quantity.doubleValue * $1.price.doubleValue }
        return """
            [\(timeframe.openTime(of: slot).microseconds / 1000),"\(first.price)","\(high.price)","\(low.price)",\
            "\(last.price)","\(volume)",\(timeframe.closeTime(of: slot).microseconds / 1000 - 1),"\(quote)",\
            \(trades.count),"\(takenVolume)","\(takenQuote)","0"]
            """
    }

    /// The trades between `startTime` and `endTime`, both included.
    private func within(_ trades: [RecordedTrade], _ query: [String: String]) -> ArraySlice<RecordedTrade> {
        let start = number(query, "startTime") ?? .min
        let end = number(query, "endTime") ?? .max
        return trades.filter { $0.milliseconds >= start && $0.milliseconds <= end }[...]
    }

    private func limit(_ query: [String: String], standard: Int, most: Int) -> Int {
        min(max(1, number(query, "limit").map { Int($0) } ?? standard), most)
    }

    private func number(_ query: [String: String], _ name: String) -> Int64? {
        query[name].flatMap { Int64($0) }
    }
}

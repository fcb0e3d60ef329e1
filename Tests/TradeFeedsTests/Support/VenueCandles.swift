import Foundation
import MarketData
import TradeFeeds
import VenueSimulator

/// One-minute candles of any venue, one for each slot up to a moment, in the format of its REST interface.
struct VenueCandles: Sendable {
    let venue: VenueDescriptor
    /// The present candle; the venue returns the ones before it.
    let present: Int64 = 28_720_000

    /// The greatest number of candles in one response.
    var pageSize: Int {
        switch venue.venue {
        case .binanceUSDM: 1500
        case .binanceSpot: 1000
        case .bybit: 1000
        case .kraken: 720
        default: 300
        }
    }

    static func close(_ slot: Int64) -> Double { Double(100 + slot % 977) }

    static func isForCandles(_ target: String) -> Bool {
        ["klines?", "candles?", "kline?", "OHLC?"].contains { target.contains($0) }
    }

    /// The venue's response to a request.
    func step(_ target: String) -> VenueRESTStep {
        guard Self.isForCandles(target) else { return .reply(time) }
        let query = Dictionary(
            (target.split(separator: "?").last ?? "").split(separator: "&").map { item in
                let parts = item.split(separator: "=")
                return (String(parts[0]), Int64(parts[1]) ?? 0)
            },
            uniquingKeysWith: { first, _ in first }
        )
        let slots: Range<Int64> =
            switch venue.venue {
            case .okx: (slot(query["before"]) + 1)..<slot(query["after"])
            case .coinbase: slot(query["start"], 60)..<(slot(query["end"], 60) + 1)
            case .bybit: slot(query["start"])..<(slot(query["end"]) + 1)
            // The venue returns the last ones, with the one that has not closed, whatever is requested.
            case .kraken: max(present - 719, slot(query["since"], 60) + 1)..<(present + 1)
            default: slot(query["startTime"])..<(slot(query["endTime"]) + 1)
            }
        // A venue refuses or omits candles beyond its page.
        guard slots.count <= pageSize, query["limit"].map({ $0 <= Int64(pageSize) }) ?? true,
            slots.upperBound <= present || venue.venue == .kraken
        else { return .refuse(status: 400) }
        switch venue.venue {
        case .okx:
            let rows = slots.reversed().map { "[\"\($0 * 60_000)\",\(quoted($0)),\"0\",\"0\",\"1\"]" }
            return .reply("{\"code\":\"0\",\"msg\":\"\",\"data\":[\(rows.joined(separator: ","))]}")
        case .coinbase:
            let rows = slots.reversed().map { slot in
                let close = Self.close(slot)
                return "[\(slot * 60),\(close),\(close),\(close),\(close),1]"
            }
            return .reply("[\(rows.joined(separator: ","))]")
        case .bybit:
            let rows = slots.reversed().map { "[\"\($0 * 60_000)\",\(quoted($0)),\"0\"]" }
            return .reply("{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"list\":[\(rows.joined(separator: ","))]}}")
        case .kraken:
            let rows = slots.map { slot in
                let close = "\"\(Self.close(slot))\""
                return "[\(slot * 60),\(close),\(close),\(close),\(close),\(close),\"1\",1]"
            }
            return .reply("{\"error\":[],\"result\":{\"XXBTZUSD\":[\(rows.joined(separator: ","))],\"last\":0}}")
        default:
            return .reply("[\(slots.map { "[\($0 * 60_000),\(quoted($0)),0,\"0\",3]" }.joined(separator: ","))]")
        }
    }

    private func quoted(_ slot: Int64) -> String {
        let close = Self.close(slot)
        return "\"\(close)\",\"\(close)\",\"\(close)\",\"\(close)\",\"1\""
    }

    private func slot(_ time: Int64?, _ unitsPerMinute: Int64 = 60_000) -> Int64 {
        Int64((Double(time ?? 0) / Double(unitsPerMinute)).rounded(.down))
    }

    /// Half a minute after the start of the present candle.
    private var time: String {
        let milliseconds = present * 60_000 + 30_000
        switch venue.venue {
        case .okx: return "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"ts\":\"\(milliseconds)\"}]}"
        case .coinbase:
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
            return "{\"iso\":\"\(date)\"}"
        case .bybit: return "{\"retCode\":0,\"result\":{\"timeNano\":\"\(milliseconds)000000\"}}"
        case .kraken: return "{\"error\":[],\"result\":{\"unixtime\":\(milliseconds / 1000)}}"
        default: return "{\"serverTime\":\(milliseconds)}"
        }
    }
}

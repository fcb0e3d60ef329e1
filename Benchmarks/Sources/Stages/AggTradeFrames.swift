import Foundation
import MarketData

/// Frames of Binance's combined stream in its present form, of two instruments with 100 trades a second in sum.
struct AggTradeFrames {
    static let instruments = ["BTCUSDT", "ETHUSDT"]

    /// All frames, one after another.
    private(set) var bytes: [UInt8] = []
    /// The position of each frame in ``bytes``.
    private(set) var ranges: [Range<Int>] = []

    /// Which of two fields comes first: the id, as in 2026, or the symbol, as some years earlier and in the frames of
    /// the peers.
    enum Order {
        case idFirst, symbolFirst
    }

    init(count: Int, order: Order) {
        var random = RandomNumbers(seed: 20_240_229)
        var prices = [61_800.0, 2_680.0]
        var ids = [2_258_461_905, 1_677_044_163]
        var time = 1_723_161_256_322.0
        for _ in 0..<count {
            let index = random.uniform() < 0.6 ? 0 : 1
            prices[index] *= 1 + 2e-5 * random.normal()
            ids[index] += 1
            time += -10 * log(random.uniform())
            let quantity = String(format: "%.3f", 0.001 - 0.2 * log(random.uniform()))
            let firstID = ids[index] * 2
            let (id, symbol) = ("\"a\":\(ids[index])", "\"s\":\"\(Self.instruments[index])\"")
            let names = order == .idFirst ? "\(id),\(symbol)" : "\(symbol),\(id)"
            let normal = order == .idFirst ? "\"nq\":\"\(quantity)\"," : ""
            let status = order == .idFirst ? ",\"st\":1" : ""
            let start = bytes.count
            bytes +=
                """
                {"stream":"\(Self.instruments[index].lowercased())@aggTrade","data":{"e":"aggTrade",\
                "E":\(Int(time) + 3),\(names),\
                "p":"\(String(format: "%.2f", prices[index]))","q":"\(quantity)",\(normal)\
                "f":\(firstID),"l":\(firstID + 1),"T":\(Int(time)),"m":\(random.uniform() < 0.5)\(status)}}
                """.utf8
            ranges.append(start..<bytes.count)
        }
    }

    /// The symbols and their numbers, for a decoder.
    static var symbols: [(symbol: String, id: InstrumentID)] {
        instruments.enumerated().map { ($0.element, InstrumentID($0.offset)) }
    }
}

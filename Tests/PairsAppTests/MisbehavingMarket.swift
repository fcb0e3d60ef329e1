import Foundation
import MarketData
import Testing
import TradeFeeds
import TradeStore
import VenueSimulator

@testable import PairsApp

/// Two symbols that trade in turn, 100 ms apart, at a venue that may misbehave.
struct MisbehavingMarket: Sendable {
    let recording: VenueRecording
    let second: Timeframe
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private let trades: [RecordedTrade]
    private let stream: BinanceStream

    init(trades count: Int, stream: BinanceStream = .aggTrade) throws {
        self.stream = stream
        second = try #require(Timeframe("1s"))
        trades = (0..<count).map { (index: Int) -> RecordedTrade in
            let step = Int64(index)
            let isBitcoin = index % 2 == 0
            return RecordedTrade(
                symbol: isBitcoin ? "BTCUSDT" : "ETHUSDT",
                id: 1 + step / 2,
                time: Timestamp(microseconds: 1_723_161_600_000_000 + step * 100_000),
                price: FixedDecimal(mantissa: (isBitcoin ? 6_180_030 : 268_030) + (step * step) % 997, scale: 2),
                quantity: FixedDecimal(mantissa: 1 + step % 5, scale: 3),
                buyerIsMaker: index % 3 == 0
            )
        }
        recording = VenueRecording(trades: trades, event: stream)
    }

    var firstSlot: Int64 { second.slot(of: trades[0].time) }
    /// When the bar of the last trade opens, in seconds.
    var lastOpenTime: Double { second.openTime(of: second.slot(of: trades[trades.count - 1].time)).seconds }
    let lastBarSample = #"pairs_last_bar_timestamp_seconds{pair="p",timeframe="1s",window="20"}"#

    func configuration(
        _ venue: VenueSimulator,
        idleTimeout: String = "1h",
        repairHorizon: String = "1h",
        timeframes: String = "[1s]"
    ) throws -> Configuration {
        try Configuration(
            yaml: """
                feeds:
                  - venue: binance-usdm
                    websocket_url: "\(venue.webSocketURL)"
                    rest_url: "\(venue.restURL)"
                    stream: \(stream)
                    idle_timeout: \(idleTimeout)
                    repair_horizon: \(repairHorizon)
                    connects_per_minute: 300
                storage: {path: "\(database)"}
                timeframes: \(timeframes)
                windows: [20]
                pairs: [{y: "binance-usdm:ETHUSDT", x: "binance-usdm:BTCUSDT", name: p}]
                """,
            file: "test.yml"
        )
    }

    func store() async throws -> any TradeStore {
        let streams = ["ETHUSDT", "BTCUSDT"].map {
            TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: stream.rawValue)
        }
        return try await StoreLocation(path: database).open(streams: StreamTable(streams))
    }

    /// Puts the first trade of each symbol on disk, as an earlier run would, so that a loss of the next ones is
    /// detected.
    func storeFirstTrades() async throws {
        let store = try await store()
        _ = try await store.write(StoreBatch(trades: trades.prefix(2).map(Self.trade)))
        try await store.close()
    }

    private static func trade(_ trade: RecordedTrade) -> Trade {
        Trade(
            instrument: InstrumentID(trade.symbol == "ETHUSDT" ? 0 : 1),
            id: trade.id,
            time: trade.time,
            price: trade.price,
            quantity: trade.quantity,
            takerSide: trade.buyerIsMaker ? .sell : .buy
        )
    }

    /// Expects that every id is on disk, no gap is open, and the bars are those of all trades.
    func expectComplete() async throws {
        let store = try await store()
        var pipeline = VenuePipeline(
            instruments: [InstrumentID(0), InstrumentID(1)],
            timeframes: [second],
            lateness: 250_000,
            carryLimit: 20
        )
        var output = PipelineOutput()
        for trade in trades {
            pipeline.append(TradeBatch(trades: [Self.trade(trade)], receivedAt: trade.time), into: &output)
        }
        let end = second.slot(of: trades[trades.count - 1].time)
        for id in store.streams.ids {
            let stored = try await store.trades(of: id, from: trades[0].time)
            #expect(stored == output.trades.filter { $0.instrument == id })
            #expect(try await store.openGaps(of: id).isEmpty)
            #expect(try await store.unrepairableGaps(of: id).isEmpty)
            let bars = try await store.bars(of: id, timeframe: second, slots: firstSlot...(end - 2))
            #expect(bars == output.bars.filter { $0.instrument == id && $0.slot < end - 1 })
        }
        try await store.close()
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private var database: String { folder.appending(path: "pairs.sqlite").path }
}

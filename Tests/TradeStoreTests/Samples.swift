import MarketData
import Testing

@testable import TradeStore

/// A little market data, for tests of its storage.
enum Samples {
    static let bitcoin = Instrument(venue: .binanceUSDM, symbol: "BTCUSDT")
    static let ether = Instrument(venue: .binanceUSDM, symbol: "ETHUSDT")
    static var streams: StreamTable {
        StreamTable([
            TradeStream(instrument: bitcoin, name: "aggTrade"), TradeStream(instrument: ether, name: "aggTrade"),
        ])
    }
    static let btc = InstrumentID(0)
    static let eth = InstrumentID(1)

    /// A time in seconds after the start of the samples.
    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_723_161_256_000_000 + seconds * 1_000_000)
    }

    static func trade(
        _ id: Int64,
        of instrument: InstrumentID = btc,
        at seconds: Int64 = 0,
        price: String = "61800.30",
        quantity: String = "0.002",
        side: TakerSide = .buy
    ) throws -> Trade {
        Trade(
            instrument: instrument,
            id: id,
            time: time(seconds),
            price: try FixedDecimal(price),
            quantity: try FixedDecimal(quantity),
            takerSide: side
        )
    }

    /// Trades with these ids, one per second.
    static func trades(_ ids: ClosedRange<Int64>, of instrument: InstrumentID = btc) throws -> [Trade] {
        try ids.map { try trade($0, of: instrument, at: $0) }
    }

    static func minute() throws -> Timeframe {
        try #require(Timeframe("1m"))
    }

    static func bar(_ slot: Int64, of instrument: InstrumentID = btc, close: Double = 61_800.3) throws -> Bar {
        Bar(
            instrument: instrument,
            timeframe: try minute(),
            slot: slot,
            state: .traded,
            prices: BarPrices(open: 61_799, high: 61_801.5, low: 61_798.25, close: close, volume: 12.5, trades: 7)
        )
    }

    /// The state of a reading of BTC on ETH.
    static func state(
        _ slot: Int64,
        y: InstrumentID = btc,
        x: InstrumentID = eth,
        timeframe: Timeframe? = nil,
        window: Int = 240,
        settings: String = "log",
        state: [UInt8] = [1, 2, 3]
    ) throws -> ReadingState {
        ReadingState(
            y: y,
            x: x,
            timeframe: try timeframe ?? minute(),
            window: window,
            settings: settings,
            slot: slot,
            state: state
        )
    }

    static func gap(_ ids: ClosedRange<Int64>, of instrument: InstrumentID = btc, state: IDGapState = .open) -> IDGap {
        IDGap(instrument: instrument, firstID: ids.lowerBound, lastID: ids.upperBound, state: state)
    }

    static func store(_ path: String) throws -> SQLiteTradeStore {
        try SQLiteTradeStore(path: path, synchronous: .normal, streams: streams)
    }
}

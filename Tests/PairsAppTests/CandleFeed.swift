import MarketData
import Synchronization
import TradeFeeds

/// A feed without trades that returns candles in pages, and fails on command.
final class CandleFeed: TradeFeed {
    /// A request for candles.
    struct Request: Hashable {
        var instrument: InstrumentID
        var count: Int
        var slot: Int64?
    }

    /// The venue's answer to a request.
    enum Answer: Sendable {
        case all
        /// The newest ones only, then a failure.
        case newest(Int, isRefused: Bool = false)
        case none
    }

    struct Failure: Error {}

    /// Candles of slots before this one exist.
    static let present: Int64 = 28_720_000

    let venue = Venue.binanceUSDM
    let counters = FeedCounters()
    private let answers: Mutex<[Answer]>
    private let asked = Mutex<[Request]>([])

    var requests: [Request] { asked.withLock { $0 } }

    /// - Parameter answers: to the first requests; later ones are answered in full.
    init(_ answers: [Answer] = []) {
        self.answers = Mutex(answers)
    }

    static func bars(of instrument: InstrumentID, _ timeframe: Timeframe, _ slots: Range<Int64>) -> [Bar] {
        slots.map { slot in
            let close = Double(100 + slot * 37 % 101) * Double(1 + instrument.index)
            return Bar(
                instrument: instrument,
                timeframe: timeframe,
                slot: slot,
                state: .traded,
                origin: .klines,
                prices: BarPrices(open: close, high: close, low: close, close: close, volume: 1, trades: 1)
            )
        }
    }

    func candles(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        count: Int,
        before slot: Int64?
    ) async throws -> [Bar] {
        asked.withLock { $0.append(Request(instrument: instrument, count: count, slot: slot)) }
        let answer = answers.withLock { $0.isEmpty ? .all : $0.removeFirst() }
        let end = slot ?? Self.present
        switch answer {
        case .all: return Self.bars(of: instrument, timeframe, (end - Int64(count))..<end)
        case .none: return []
        case .newest(let some, let isRefused):
            throw IncompleteCandles(
                bars: Self.bars(of: instrument, timeframe, (end - Int64(some))..<end),
                isRefused: isRefused,
                reason: Failure()
            )
        }
    }

    func run(
        resuming positions: [InstrumentID: StreamPosition],
        missing: @escaping @Sendable () async -> [RepairRequest],
        into sink: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
        try await Task.sleep(for: .seconds(3600))
    }
}

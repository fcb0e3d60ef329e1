/// The tapes of all instruments of one feed, and the watermark that closes their bars.
///
/// The watermark is the greatest trade time less `lateness`; it is advanced by any instrument of the feed, and by the
/// feed's clock while the feed flows, so that a quiet instrument's bars close too. While the feed is down it stands
/// still: whether the market was calm then, only the next id can tell.
public struct VenueTape: Sendable {
    /// A trade time this far ahead of its arrival is not believed.
    static let plausibleLead: Int64 = 86_400_000_000

    /// The instruments of the feed, which stand side by side in the run's ``StreamTable``.
    public let instruments: Range<Int>
    /// The tapes, in the order of ``instruments``.
    public private(set) var tapes: [InstrumentTape]
    /// No trade before this moment is expected any more; nil before the first trade.
    public private(set) var watermark: Timestamp?
    /// The feed's clock as it was last heard; nil before the first trade.
    public private(set) var now: Timestamp?
    private let lateness: Int64
    private let timeframes: [Timeframe]
    private var nextClose = Timestamp(microseconds: .min)

    /// Empty tapes.
    /// - Parameters:
    ///   - instruments: the positions of the feed's streams in the run's ``StreamTable``.
    ///   - timeframes: the bars to build.
    ///   - lateness: microseconds by which a trade may arrive behind a later one and still join its bar.
    ///   - carryLimit: bars without a trade after which nothing more is carried.
    public init(instruments: Range<Int>, timeframes: [Timeframe], lateness: Int64, carryLimit: Int) {
        self.instruments = instruments
        self.lateness = lateness
        self.timeframes = timeframes
        tapes = instruments.map {
            InstrumentTape(instrument: InstrumentID($0), timeframes: timeframes, carryLimit: carryLimit)
        }
    }

    /// Changes the tape of one instrument, which must be among ``instruments``; for the start of a run.
    public mutating func withTape<Result>(
        of instrument: InstrumentID,
        _ body: (inout InstrumentTape) -> Result
    ) -> Result? {
        guard instruments.contains(Int(instrument.index)) else { return nil }
        return body(&tapes[Int(instrument.index) - instruments.lowerBound])
    }

    /// Takes one read's records in order of arrival.
    public mutating func append(_ batch: TradeBatch, into output: inout TapeOutput) {
        let latestPlausible = batch.receivedAt + Self.plausibleLead
        for var trade in batch.trades {
            let index = Int(trade.instrument.index) - instruments.lowerBound
            guard tapes.indices.contains(index) else { continue }
            if trade.time > latestPlausible { trade.discard = .time }
            if tapes[index].append(trade, into: &output) {
                now = max(now ?? trade.time, trade.time)
                advance(to: trade.time - lateness, into: &output)
            }
        }
    }

    /// Hears the feed's clock.
    /// - Parameters:
    ///   - time: the feed's event time.
    ///   - isFlowing: whether silence now means that nothing traded.
    ///   - output: receives the bars that close.
    public mutating func advanceClock(to time: Timestamp, isFlowing: Bool, into output: inout TapeOutput) {
        now = max(now ?? time, time)
        if isFlowing {
            advance(to: time - lateness, into: &output)
        }
    }

    /// Closes what a finished source leaves behind: bars up to its greatest trade time, none beyond.
    public mutating func finish(at time: Timestamp, into output: inout TapeOutput) {
        now = max(now ?? time, time)
        advance(to: time, into: &output)
    }

    private mutating func advance(to moment: Timestamp, into output: inout TapeOutput) {
        guard moment > watermark ?? Timestamp(microseconds: .min) else { return }
        watermark = moment
        guard moment >= nextClose else { return }
        nextClose = timeframes.map { $0.closeTime(of: $0.slot(of: moment)) }.min() ?? Timestamp(microseconds: .max)
        for index in tapes.indices {
            tapes[index].close(upTo: moment, into: &output)
        }
    }
}

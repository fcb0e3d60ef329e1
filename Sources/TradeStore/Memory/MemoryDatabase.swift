import MarketData
import Synchronization

/// The rows that several stores and readers of one process share.
final class MemoryDatabase: Sendable {
    let tables = Mutex(MemoryTables())
}

/// Rows of trades, bars, gaps, states and imports, by numbers of instruments and streams that belong to the database.
///
/// The field `instrument` of a stored trade, bar or gap has no meaning; each read replaces it.
struct MemoryTables {
    /// The trades and gaps of one numbering of a stream, with the ids of the venue.
    struct Stream {
        let instrument: Int
        let name: String
        /// By ascending id.
        var trades: [Trade] = []
        /// By ascending first id.
        var gaps: [IDGap] = []
        /// The streams of its later numberings, where it is a first one.
        var later: [Int64: Int] = [:]
    }

    struct BarKey: Hashable {
        let instrument: Int
        let timeframe: Timeframe
    }

    /// What one import wrote; the revision is 0 until it is complete.
    struct Import {
        let instrument: Int
        /// Nil for bars.
        let stream: Int?
        let range: ImportedRange
        var revision: Int64 = 0
        /// Whether retention leaves out what it wrote.
        var isSpared = true
    }

    private(set) var instruments: [Instrument] = []
    var streams: [Stream] = []
    /// By ascending slot.
    var bars: [BarKey: [Bar]] = [:]
    /// By the numbers of the instruments.
    var states: [ReadingState.Key: ReadingState] = [:]
    var imports: [Import] = []

    private var instrumentNumbers: [Instrument: Int] = [:]
    private var streamNumbers: [TradeStream: Int] = [:]

    /// The number of an instrument; nil when it was never written.
    func number(of instrument: Instrument) -> Int? { instrumentNumbers[instrument] }

    /// The number of a stream; nil when it was never written.
    func number(of stream: TradeStream) -> Int? { streamNumbers[stream] }

    /// The number of a stream, which is added where it is new.
    mutating func add(_ stream: TradeStream) -> Int {
        if let number = streamNumbers[stream] { return number }
        let instrument = instrumentNumbers[stream.instrument] ?? instruments.count
        if instrument == instruments.count {
            instruments.append(stream.instrument)
            instrumentNumbers[stream.instrument] = instrument
        }
        streamNumbers[stream] = streams.count
        streams.append(Stream(instrument: instrument, name: stream.name))
        return streams.count - 1
    }

    /// The stream of a numbering, which is added where it is new.
    mutating func add(numbering: Int64, of stream: Int) -> Int {
        if numbering == 0 { return stream }
        if let known = streams[stream].later[numbering] { return known }
        let name = TradeKey.name(streams[stream].name, numbering: numbering)
        let number = add(TradeStream(instrument: instruments[streams[stream].instrument], name: name))
        streams[stream].later[numbering] = number
        return number
    }

    /// The streams of all numberings, from the first to the last, each with what is added to its ids.
    func numberings(of stream: Int) -> [(base: Int64, stream: Int)] {
        [(0, stream)]
            + streams[stream].later.sorted { $0.key < $1.key }.map { (TradeNumbering.base(of: $0.key), $0.value) }
    }

    /// The streams of an instrument, from the first to the last that was added.
    func streams(of instrument: Int) -> [Int] {
        streams.indices.filter { streams[$0].instrument == instrument }
    }
}

extension MemoryTables {
    /// Inserts a trade with the venue's id; returns whether it is new.
    mutating func insert(_ trade: Trade, into stream: Int) -> Bool {
        streams[stream].trades.insert(trade, by: \.id, isReplacing: false)
    }

    /// Inserts or replaces a bar.
    mutating func put(_ bar: Bar, of instrument: Int) {
        let key = BarKey(instrument: instrument, timeframe: bar.timeframe)
        _ = bars[key, default: []].insert(bar, by: \.slot, isReplacing: true)
    }

    /// Applies a change of gaps to the stream of the change's numbering.
    mutating func apply(_ change: IDGapChange, to stream: Int) {
        switch change {
        case .put(var gap):
            let number = add(numbering: TradeNumbering.numbering(of: gap.firstID), of: stream)
            gap.firstID = TradeNumbering.venueID(gap.firstID)
            gap.lastID = TradeNumbering.venueID(gap.lastID)
            _ = streams[number].gaps.insert(gap, by: \.firstID, isReplacing: true)
        case .remove(_, let firstID):
            let number = add(numbering: TradeNumbering.numbering(of: firstID), of: stream)
            streams[number].gaps.remove(TradeNumbering.venueID(firstID), by: \.firstID)
        }
    }

    /// Removes the states of an instrument at a timeframe that include a bar of this slot or a later one.
    mutating func invalidate(_ instrument: Int, from slot: (Timeframe) -> Int64?) {
        let id = InstrumentID(instrument)
        states = states.filter { key, state in
            guard key.y == id || key.x == id, let first = slot(key.timeframe) else { return true }
            return state.slot < first
        }
    }

    /// Removes the states that include one of these bars of an instrument.
    mutating func invalidate(_ instrument: Int, changed bars: [Bar]) {
        guard !bars.isEmpty else { return }
        let slots = Dictionary(bars.map { ($0.timeframe, $0.slot) }, uniquingKeysWith: min)
        invalidate(instrument) { slots[$0] }
    }
}

package import MarketData

/// Read-only access to everything that a store has, also while another process writes to it.
///
/// ```swift
/// let reader = try StoreLocation(path: "data/pairs.sqlite").openForReading()
/// let bars = try await reader.bars(of: instrument, timeframe: timeframe, last: 240)
/// ```
package protocol StoreReader: StoreCatalog, BarHistoryReader, TradeHistoryReader {
    /// Where the store is, for messages: a file, or `:memory:`.
    var path: String { get }
}

/// What a store has.
package protocol StoreCatalog: Sendable {
    /// All instruments, by venue and symbol.
    func instruments() async throws -> [Instrument]

    /// All streams, by venue, symbol and name. Each numbering of a stream's ids (see ``TradeNumbering``) is a stream,
    /// whose ids are the venue's.
    func streams() async throws -> [TradeStream]

    /// The lengths of the bars that are stored for an instrument, ascending.
    /// - Throws: ``StoreError/unknownInstrument(path:instrument:known:)``.
    func timeframes(of instrument: Instrument) async throws -> [Timeframe]

    /// The first and the last slot of an instrument's stored bars; nil when there are none.
    func slots(of instrument: Instrument, timeframe: Timeframe) async throws -> ClosedRange<Int64>?
}

/// Reads the bars of any instrument.
package protocol BarHistoryReader: Sendable {
    /// The bars of the last `count` slots that end at the newest stored bar, by ascending slot. Slots without a bar are
    /// left out. ``Bar/instrument`` is the position in ``StoreCatalog/instruments()``.
    /// - Parameter slot: later bars are left out.
    /// - Throws: ``StoreError`` that lists what the store has, when it lacks this instrument or these bars.
    func bars(
        of instrument: Instrument,
        timeframe: Timeframe,
        last count: Int,
        through slot: Int64
    ) async throws -> [Bar]

    /// The instrument's bars of a range of slots, by ascending slot; none when the store lacks the instrument.
    /// ``Bar/instrument`` is 0.
    func bars(of instrument: Instrument, timeframe: Timeframe, slots: ClosedRange<Int64>) async throws -> [Bar]

    /// The first slot, at least `slot`, that has a bar of an instrument; nil when there is none.
    func firstSlot(of instrument: Instrument, timeframe: Timeframe, from slot: Int64) async throws -> Int64?
}

extension BarHistoryReader {
    /// The bars of the last `count` slots; see ``bars(of:timeframe:last:through:)``.
    package func bars(of instrument: Instrument, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        try await bars(of: instrument, timeframe: timeframe, last: count, through: .max)
    }
}

/// Reads the trades of any instrument.
package protocol TradeHistoryReader: Sendable {
    /// The stream's trades between two times by ascending id, which is nearly the order of time for trades of a feed,
    /// in batches.
    /// - Parameter body: receives a batch; ``Trade/instrument`` is 0.
    func trades(
        of stream: TradeStream,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws

    /// The instrument's trades of all its streams between two times, in the order of time (see ``SortedTrades``), in
    /// batches; ids are positions in this order, from 1.
    /// - Parameter body: receives a batch; ``Trade/instrument`` is 0.
    func sortedTrades(
        of instrument: Instrument,
        from start: Timestamp,
        through end: Timestamp,
        _ body: ([Trade]) async throws -> Void
    ) async throws
}

package import MarketData

/// Reads the trades of an instrument in all its streams, by time and by id.
package protocol TradeSourceReader: Sendable {
    /// The time of the last trade before a time, in any stream of the instrument; nil when there is none.
    func tradeTime(of instrument: InstrumentID, before time: Timestamp) async throws -> Timestamp?

    /// The time of the first trade after a time, in any stream of the instrument; nil when there is none.
    func tradeTime(of instrument: InstrumentID, after time: Timestamp) async throws -> Timestamp?

    /// The sources of the trades of a period: one for each stream of the instrument that has some, in the order in which
    /// the streams were first written.
    func tradeSources(of instrument: InstrumentID, in times: ClosedRange<Timestamp>) async throws -> [TradeSource]

    /// A range of ids, extended to the trade before it and the trade after it.
    func neighbours(of ids: ClosedRange<Int64>, in source: TradeSource) async throws -> ClosedRange<Int64>

    /// A range of ids of a stream of the run, extended to the trade before it and the trade after it.
    func neighbours(of ids: ClosedRange<Int64>, in stream: InstrumentID) async throws -> ClosedRange<Int64>

    /// Ids and times of the first `limit` trades of a range of ids, by ascending id.
    func idsAndTimes(
        of source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)]

    /// Ids and times of the first `limit` trades of a range of ids of a stream of the run, by ascending id.
    func idsAndTimes(
        of stream: InstrumentID,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [(id: Int64, time: Timestamp)]

    /// The first `limit` trades of a range of ids, by ascending id.
    /// - Parameter instrument: the value of ``Trade/instrument``.
    func trades(
        of instrument: InstrumentID,
        in source: TradeSource,
        ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [Trade]

    /// The gaps of a source that overlap a range of ids, in any state, by ascending id.
    /// - Parameter instrument: the value of ``IDGap/instrument``.
    func gaps(
        of instrument: InstrumentID,
        in source: TradeSource,
        overlapping ids: ClosedRange<Int64>
    ) async throws -> [IDGap]

    /// The trades of several sources of an instrument, sorted by time. A store sorts for one caller at a time.
    func sortedTrades(
        of instrument: InstrumentID,
        in sources: [TradeSource],
        times: ClosedRange<Timestamp>
    ) async throws -> any SortedTrades
}

/// The trades of several streams of an instrument in the order of time.
///
/// Files that were cut from one list within one time are joined again: of the trades at one time, runs that end then
/// come first and runs that begin then come last (see ``TradeRun``). Of several that end then, the stream with ids
/// comes first, and a later import follows an earlier one; of several that begin then, the order is reversed. The
/// reason: an import stores only what is not on disk yet, and trades with ids replace those without.
package protocol SortedTrades: Sendable {
    /// Up to `limit` trades after a position; ids are positions, from 1.
    func trades(after position: Int64, limit: Int) async throws -> [Trade]

    /// Frees the space that the sorted trades need.
    func remove() async throws
}

import MarketData

/// What a store does when its database file was removed or replaced while it was open.
package enum FileReplacement: String, Sendable, CaseIterable {
    /// Goes on with the database of ours that is at the path now, or begins a new one where there is none.
    case begin
    /// Writes nothing until the file is back, or the program starts again.
    case stop
}

/// Says that a store has gone on with another file, to which the failed transaction has not been written yet.
struct StoreMoved: Error {
    /// Ids of one stream that were written to the file before and that this one does not have, although it has earlier
    /// ones.
    struct Missing {
        var instrument: InstrumentID
        var ids: ClosedRange<Int64>
        /// The greatest time of their trades.
        var lastTime: Timestamp
    }

    var missing: [Missing]
}

import MarketData

/// What a store does when its database file was removed or replaced while it was open.
package enum FileReplacement: String, Sendable, CaseIterable {
    /// Continues with the database of this program that is at the path, or creates a new one where there is none.
    case begin
    /// Writes nothing until the file is back or the program is started again.
    case stop
}

/// Reports that a store continues with another file, to which the failed transaction has not been written yet.
struct StoreMoved: Error {
    /// Ids of one stream that were written to the previous file and that this one does not have, although it has
    /// earlier ones.
    struct Missing {
        var instrument: InstrumentID
        var ids: ClosedRange<Int64>
        /// The greatest time of their trades.
        var lastTime: Timestamp
    }

    var missing: [Missing]
}

/// Why not everything that was handed to a ``StoreWriter`` is on disk.
package enum StoreWriterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The time was up before everything was committed.
    case timedOut(unwrittenTrades: Int)

    /// What happened and what it means.
    package var description: String {
        switch self {
        case .timedOut(let trades):
            "the store did not take \(trades) trades in time; the next start finds their ids missing and asks the "
                + "venue for them"
        }
    }
}

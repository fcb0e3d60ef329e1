/// Why a ``StoreWriter`` did not write all its batches.
package enum StoreWriterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The time was up before everything was committed.
    case timedOut(unwrittenTrades: Int)

    /// What happened and what it means.
    package var description: String {
        switch self {
        case .timedOut(let trades):
            "the store did not write \(trades) trades in time; the next start finds their ids missing and requests "
                + "them from the venue"
        }
    }
}

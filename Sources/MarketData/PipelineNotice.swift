/// A fact about the ids of a stream that the operator should see.
public enum PipelineNotice: Hashable, Sendable {
    /// The venue restarted the numbering of its trades: `firstID` follows `lastID`, both as the venue numbers them.
    case numberingReset(InstrumentID, lastID: Int64, firstID: Int64, numbering: Int64)
    /// Ids that jumped further than is plausible were confirmed by the next trades.
    case jumpConfirmed(InstrumentID, lastID: Int64, firstID: Int64)
    /// A record was discarded because nothing confirmed its id, which is far from those before and after.
    case idRefused(InstrumentID, id: Int64, lastID: Int64)
    /// There are more gaps than the limit, so that the oldest are merged and not requested.
    case gapsMerged(InstrumentID)
}

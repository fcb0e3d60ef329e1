/// Ids of one stream that are missing and worth asking the venue for.
public struct MissingTrades: Hashable, Sendable {
    /// The stream.
    public var instrument: InstrumentID
    /// The ids, all of them missing.
    public var ids: ClosedRange<Int64>
    /// The time of the first trade known beyond them; the end of time while none is.
    public var before: Timestamp

    /// Missing ids from their parts.
    public init(instrument: InstrumentID, ids: ClosedRange<Int64>, before: Timestamp) {
        self.instrument = instrument
        self.ids = ids
        self.before = before
    }
}

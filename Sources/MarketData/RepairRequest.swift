/// Missing ids of one stream to request from the venue.
public struct RepairRequest: Hashable, Sendable {
    /// The stream.
    public var instrument: InstrumentID
    /// From the first to the last of them, as the venue numbers them.
    public var ids: ClosedRange<Int64>
    /// The time of the last trade known before them; the beginning of time while none is.
    public var after: Timestamp
    /// The time of the first trade known beyond them; the end of time while none is.
    public var before: Timestamp
    /// The numbering that the ids belong to; see ``TradeNumbering``.
    public var numbering: Int64
    /// Which of the ids are missing, in any order.
    public var gaps: [ClosedRange<Int64>]

    /// Missing ids from their parts; without gaps, all of them are missing.
    public init(
        instrument: InstrumentID,
        ids: ClosedRange<Int64>,
        after: Timestamp = Timestamp(microseconds: .min),
        before: Timestamp,
        numbering: Int64 = 0,
        gaps: [ClosedRange<Int64>]? = nil
    ) {
        self.instrument = instrument
        self.ids = ids
        self.after = after
        self.before = before
        self.numbering = numbering
        self.gaps = gaps ?? [ids]
    }

    /// Whether these are the first ids of a later numbering, which may not exist.
    public var mayBeginLater: Bool { numbering > 0 && ids.lowerBound == 0 }

    /// Some of the ids in the program's own form, which includes the numbering.
    public func knownIDs(_ ids: ClosedRange<Int64>) -> ClosedRange<Int64> {
        let base = TradeNumbering.base(of: numbering)
        return (ids.lowerBound + base)...(ids.upperBound + base)
    }
}

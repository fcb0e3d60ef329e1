/// Missing ids and the times between which they were traded.
public struct TimedIDGap: Hashable, Sendable {
    /// The first missing id.
    public var firstID: Int64
    /// The last missing id.
    public var lastID: Int64
    /// The time of the last trade known before the gap; nearly always the earlier of the two.
    public var after: Timestamp
    /// The time of the first trade known beyond it; the end of time while none is.
    public var before: Timestamp
    /// ``IDGapState/open``, or ``IDGapState/unrepairable`` when the venue does not have them.
    public var state: IDGapState
    /// Whether several gaps were merged into it, so that some of its ids may be on disk.
    var isMerged = false

    /// A gap from its parts.
    public init(
        firstID: Int64,
        lastID: Int64,
        after: Timestamp,
        before: Timestamp,
        state: IDGapState = .open
    ) {
        self.firstID = firstID
        self.lastID = lastID
        self.after = after
        self.before = before
        self.state = state
    }

    /// The end of a gap beyond which no trade is known.
    static let unknownEnd = Timestamp(microseconds: .max)

    /// Whether a trade beyond it is known.
    var hasEnd: Bool { before != Self.unknownEnd }

    /// How many ids are missing.
    public var count: Int64 { lastID - firstID + 1 }

    /// The earliest moment at which one of them can have been traded.
    var start: Timestamp { min(after, before) }
    /// The latest moment at which one of them can have been traded.
    var end: Timestamp { max(after, before) }

    /// What lies below, inside and above a range of ids, which overlaps the gap; a part without ids counts 0 of them.
    func split(by ids: ClosedRange<Int64>) -> (lower: TimedIDGap, inside: TimedIDGap, upper: TimedIDGap) {
        var (lower, inside, upper) = (self, self, self)
        inside.firstID = max(firstID, ids.lowerBound)
        inside.lastID = min(lastID, ids.upperBound)
        lower.lastID = inside.firstID - 1
        upper.firstID = inside.lastID + 1
        return (lower, inside, upper)
    }

    /// The same ids as the store records them.
    func gap(of instrument: InstrumentID) -> IDGap {
        IDGap(instrument: instrument, firstID: firstID, lastID: lastID, state: state)
    }
}

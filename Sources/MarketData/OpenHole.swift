/// Missing ids and when they must have been traded.
public struct OpenHole: Hashable, Sendable {
    /// The first missing id.
    public var firstID: Int64
    /// The last missing id.
    public var lastID: Int64
    /// The time of the last trade known before the hole; nearly always the earlier of the two.
    public var after: Timestamp
    /// The time of the first trade known beyond it; the end of time while none is.
    public var before: Timestamp
    /// ``HoleState/open``, or ``HoleState/unrepairable`` when the venue has said that it cannot give them.
    public var state: HoleState

    /// A hole from its parts.
    public init(
        firstID: Int64,
        lastID: Int64,
        after: Timestamp,
        before: Timestamp,
        state: HoleState = .open
    ) {
        self.firstID = firstID
        self.lastID = lastID
        self.after = after
        self.before = before
        self.state = state
    }

    /// How many ids are missing.
    public var count: Int64 { lastID - firstID + 1 }

    /// The earliest moment at which one of them can have been traded.
    var start: Timestamp { min(after, before) }
    /// The latest moment at which one of them can have been traded.
    var end: Timestamp { max(after, before) }

    /// The same ids as the store records them.
    func hole(of instrument: InstrumentID) -> Hole {
        Hole(instrument: instrument, firstID: firstID, lastID: lastID, state: state)
    }
}

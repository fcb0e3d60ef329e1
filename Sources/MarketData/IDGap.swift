/// A run of ids that exist at the venue and are not on disk, or were not on disk for some time.
public struct IDGap: Hashable, Sendable {
    /// The stream whose ids they are.
    public var instrument: InstrumentID
    /// The first id.
    public var firstID: Int64
    /// The last id, not below the first.
    public var lastID: Int64
    /// Their state.
    public var state: IDGapState

    /// A gap from its parts.
    public init(instrument: InstrumentID, firstID: Int64, lastID: Int64, state: IDGapState) {
        self.instrument = instrument
        self.firstID = firstID
        self.lastID = lastID
        self.state = state
    }
}

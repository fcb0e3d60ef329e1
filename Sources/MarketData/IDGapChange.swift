/// One step in the life of gaps, in the order in which a store must apply them.
public enum IDGapChange: Hashable, Sendable {
    /// Insert the gap, or replace the one of this stream with the same first id.
    case put(IDGap)
    /// Remove the gap of this stream with this first id.
    case remove(instrument: InstrumentID, firstID: Int64)
}

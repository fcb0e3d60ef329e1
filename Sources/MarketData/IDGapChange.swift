/// One change of the recorded gaps; a store applies them in order.
public enum IDGapChange: Hashable, Sendable {
    /// Insert the gap, or replace the one of this stream with the same first id.
    case put(IDGap)
    /// Remove the gap of this stream with this first id.
    case remove(instrument: InstrumentID, firstID: Int64)
}

/// One step in the life of holes, in the order in which a store must apply them.
public enum HoleChange: Hashable, Sendable {
    /// Insert the hole, or replace the one of this stream with the same first id.
    case put(Hole)
    /// Remove the hole of this stream with this first id.
    case remove(instrument: InstrumentID, firstID: Int64)
}

/// Columns that an export of readings has on request.
public enum ReadingAddition: String, Sendable, CaseIterable {
    /// The closes of both legs.
    case prices
    /// Each signal: 1 while it holds, 0 while it does not.
    case signals
    /// Why each empty cell of the row is empty.
    case reasons
}

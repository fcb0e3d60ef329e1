/// How rows are written.
public enum RowFormat: String, Sendable, CaseIterable {
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// One JSON object per line.
    case ndjson
}

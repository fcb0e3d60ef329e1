/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `time=… level=… msg="…" key=value`.
    case logfmt
    /// One JSON object per line.
    case json
}

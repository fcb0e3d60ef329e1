/// How log lines are written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `time=… level=… msg="…" key=value`.
    case logfmt
    /// One JSON object per line.
    case json
}

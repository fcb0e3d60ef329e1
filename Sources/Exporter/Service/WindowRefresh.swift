/// Why windows are replaced by those of what is stored.
enum WindowRefresh: Sendable {
    /// Another process has imported.
    case imports
    /// The venue's candles have filled what was missing.
    case candles
}

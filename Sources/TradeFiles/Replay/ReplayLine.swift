package import TradeFeeds

/// A decoded line of a file of trades.
package enum ReplayLine {
    case trade(TradeRecord)
    /// A header, a comment or an empty line.
    case blank
    /// An event of another kind.
    case ignored
    case failed(RowFault)
}

package import MarketData

/// Names that a file of trades does not state.
package struct TradeFileNaming: Hashable, Sendable {
    /// The venue, in place of the one that the file states.
    package var venue: Venue?
    /// The symbol of a file whose rows contain none, in place of the one in its name.
    package var symbol: String?
    /// The name of the stream, in place of the one that the file states.
    package var stream: String?

    /// Names from the caller; nil for those that the file states.
    package init(venue: Venue? = nil, symbol: String? = nil, stream: String? = nil) {
        self.venue = venue
        self.symbol = symbol
        self.stream = stream
    }
}

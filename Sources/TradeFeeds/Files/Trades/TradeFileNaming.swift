package import MarketData

/// What a file of trades does not say of itself.
package struct TradeFileNaming: Hashable, Sendable {
    /// The venue, in place of that which the file states.
    package var venue: Venue?
    /// The symbol of a file whose rows name none, in place of that in its name.
    package var symbol: String?
    /// The name of the stream, in place of that which the file states.
    package var stream: String?

    /// Names that the caller gives; nil for those that the file states.
    package init(venue: Venue? = nil, symbol: String? = nil, stream: String? = nil) {
        self.venue = venue
        self.symbol = symbol
        self.stream = stream
    }
}

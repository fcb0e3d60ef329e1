public import MarketData

/// What a file of trades does not say of itself.
public struct TradeFileNaming: Hashable, Sendable {
    /// The venue, in place of that which the file states.
    public var venue: Venue?
    /// The symbol of a file whose rows name none, in place of that in its name.
    public var symbol: String?
    /// The name of the stream, in place of that which the file states.
    public var stream: String?

    /// Names that the caller gives; nil for those that the file states.
    public init(venue: Venue? = nil, symbol: String? = nil, stream: String? = nil) {
        self.venue = venue
        self.symbol = symbol
        self.stream = stream
    }
}

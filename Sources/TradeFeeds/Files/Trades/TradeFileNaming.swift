public import MarketData

/// What a file of trades does not say of itself.
public struct TradeFileNaming: Hashable, Sendable {
    /// The venue, in place of that which the file's columns tell.
    public var venue: Venue?
    /// The venue of a file that tells none.
    public var standardVenue: Venue?
    /// The symbol of a file without a column of symbols, in place of that in its name.
    public var symbol: String?
    /// The name of the stream, in place of that which the file tells.
    public var stream: String?

    /// Names that are known beforehand; nil for those that the file tells.
    public init(venue: Venue? = nil, standardVenue: Venue? = nil, symbol: String? = nil, stream: String? = nil) {
        self.venue = venue
        self.standardVenue = standardVenue
        self.symbol = symbol
        self.stream = stream
    }
}

public import MarketData

/// A pair without readings at a bar length.
public struct PairAbsence: Sendable, CustomStringConvertible {
    /// The name of the pair.
    public let pair: String
    /// The length of its bars.
    public let timeframe: Timeframe
    /// The legs of which the database has neither such bars nor trades; none where it only has nothing in that time.
    public let legs: [Instrument]

    /// Which pair it is, and what is missing.
    public var description: String {
        let names = legs.map(\.description).joined(separator: " and ")
        let cause = legs.isEmpty ? "no bars in that time" : "no \(timeframe) bars and no trades of \(names)"
        return "\(pair) at \(timeframe): no readings; \(cause)"
    }
}

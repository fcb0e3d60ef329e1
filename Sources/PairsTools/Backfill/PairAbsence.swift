package import MarketData

/// A pair without readings at a bar length.
package struct PairAbsence: Sendable, CustomStringConvertible {
    /// The name of the pair.
    package let pair: String
    /// The length of its bars.
    package let timeframe: Timeframe
    /// The legs of which the database has neither such bars nor trades; empty where it has some, but not in that time.
    package let legs: [Instrument]

    /// The pair, and what is missing.
    package var description: String {
        let names = legs.map(\.description).joined(separator: " and ")
        let cause = legs.isEmpty ? "no bars in that time" : "no \(timeframe) bars and no trades of \(names)"
        return "\(pair) at \(timeframe): no readings; \(cause)"
    }
}

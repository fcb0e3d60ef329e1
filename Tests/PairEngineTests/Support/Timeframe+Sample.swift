import MarketData
import Testing

extension Timeframe {
    /// A timeframe that is known to be one.
    static func sample(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Timeframe {
        try #require(Timeframe(text), sourceLocation: sourceLocation)
    }
}

package import MarketData

extension Timeframe {
    /// A timeframe from a text that must be valid.
    package static func sample(_ text: String) throws -> Timeframe {
        struct NoTimeframe: Error { let text: String }
        guard let timeframe = Timeframe(text) else { throw NoTimeframe(text: text) }
        return timeframe
    }
}

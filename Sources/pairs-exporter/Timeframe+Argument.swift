import ArgumentParser
import MarketData

extension Timeframe {
    /// Reads the value of an option.
    @Sendable static func argument(_ text: String) throws -> Timeframe {
        guard let timeframe = Timeframe(text) else {
            throw ValidationError("write a bar length such as 1s, 5m or 1h")
        }
        return timeframe
    }
}

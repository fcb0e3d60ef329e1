import ArgumentParser
import MarketData
import PairsTools

extension Venue {
    /// Reads the value of an option.
    @Sendable static func argument(_ text: String) throws -> Venue {
        do {
            return try VenueName.venue(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}

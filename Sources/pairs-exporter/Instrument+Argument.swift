import ArgumentParser
import MarketData

extension Instrument {
    /// Reads the value of an option.
    @Sendable static func argument(_ text: String) throws -> Instrument {
        guard let instrument = Instrument(text) else {
            throw ValidationError("write venue:SYMBOL, such as binance-usdm:ETHUSDT")
        }
        return instrument
    }
}

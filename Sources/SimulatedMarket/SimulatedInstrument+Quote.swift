import MarketData
import RealModule

extension SimulatedInstrument {
    /// The price of a trade at a latent log price, rounded to a tick: up for a buy of the taker, down for a sell.
    func quote(level: Double, isBuy: Bool) -> FixedDecimal {
        let units = Double.exp(level) * Double.exp10(Double(priceDecimals))
        let rounded = isBuy ? units.rounded(.up) : units.rounded(.down)
        return FixedDecimal(mantissa: Int64(min(max(rounded, 1), 1e17)), scale: priceDecimals)
    }
}

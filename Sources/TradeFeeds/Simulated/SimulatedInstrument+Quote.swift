import MarketData
import RealModule

extension SimulatedInstrument {
    /// The price that a taker pays or gets around a latent log price: the tick above for a buy, below for a sell.
    func quote(level: Double, isBuy: Bool) -> FixedDecimal {
        let units = Double.exp(level) * Double.exp10(Double(priceDecimals))
        let rounded = isBuy ? units.rounded(.up) : units.rounded(.down)
        return FixedDecimal(mantissa: Int64(min(max(rounded, 1), 1e17)), scale: priceDecimals)
    }
}

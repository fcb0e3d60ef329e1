/// Why a simulated market cannot be created from its configuration.
package enum SimulatedMarketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Two instruments have the same symbol.
    case duplicateSymbol(String)
    /// A driver that is not in the list, or that has a driver itself.
    case driver(String, of: String)
    /// A number of an instrument that is out of range.
    case value(String, of: String, mustBe: String)
    /// An episode of an instrument that is not in the list.
    case episode(String)
    /// A stream that no simulated instrument has.
    case unknownSymbol(String, known: [String])

    /// The error, and how to correct it.
    package var description: String {
        switch self {
        case .duplicateSymbol(let symbol):
            "the simulated instrument \(symbol) is there twice"
        case .driver(let driver, let symbol):
            "the driver \(driver) of \(symbol) must be a simulated instrument that has no driver itself"
        case .value(let name, let symbol, let mustBe):
            "\(name) of the simulated instrument \(symbol) must be \(mustBe)"
        case .episode(let symbol):
            "an episode names \(symbol), which is not a simulated instrument"
        case .unknownSymbol(let symbol, let known):
            "\(symbol) is not a simulated instrument; there are \(known.joined(separator: ", "))"
        }
    }
}

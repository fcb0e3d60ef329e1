/// Where an instrument trades, by the name that configuration, labels and the database use.
public struct Venue: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The venue's name, such as `binance-usdm`.
    public let rawValue: String

    /// Names a venue; any text is accepted, configuration decides which names have a feed.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Binance USD-M futures.
    public static let binanceUSDM = Venue(rawValue: "binance-usdm")
    /// Binance spot.
    public static let binanceSpot = Venue(rawValue: "binance-spot")
    /// OKX, mainly its perpetual swaps.
    public static let okx = Venue(rawValue: "okx")
    /// Coinbase Exchange.
    public static let coinbase = Venue(rawValue: "coinbase")
    /// Bybit's linear perpetuals and futures.
    public static let bybit = Venue(rawValue: "bybit")
    /// Kraken spot.
    public static let kraken = Venue(rawValue: "kraken")
    /// The seeded market that `demo` runs on.
    public static let simulated = Venue(rawValue: "simulated")
    /// Trades or frames recorded in a file.
    public static let replay = Venue(rawValue: "replay")

    /// Whether a text has the form of a venue's name: lower-case letters, digits and hyphens.
    package static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// The venue's name.
    public var description: String { rawValue }
}

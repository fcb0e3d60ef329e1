package import MarketData
import PairsApp

/// The name of a venue as people write it.
package struct VenueName: Error, Hashable, Sendable, CustomStringConvertible {
    /// Venues that have a meaning for this program.
    private static let known = [
        "binance-usdm", "binance-spot", "okx", "coinbase", "bybit", "kraken", "simulated", "replay",
    ]
    /// Other venues whose names resemble a known one.
    private static let others: Set = ["binance-us"]

    /// The error in a name, and what would be right.
    package let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// The venue of a name.
    /// - Throws: what is wrong with a name that has other characters, or is nearly that of a known venue.
    package static func venue(_ name: String) throws(VenueName) -> Venue {
        let plain = String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
        let near = known.contains(plain) ? plain : plain.nearest(in: known, within: plain.count > 5 ? 2 : 1)
        let suggestion = near.map { "; did you mean \($0)?" } ?? ""
        guard Venue.isName(name) else {
            throw VenueName(
                "\"\(name)\" is no name of a venue; write lower-case letters, digits and hyphens, such as binance-spot"
                    + suggestion
            )
        }
        if let near, near != name, !others.contains(name) {
            throw VenueName("\"\(name)\" is no venue that this program knows, but nearly \(near); did you mean that?")
        }
        return Venue(rawValue: name)
    }
}

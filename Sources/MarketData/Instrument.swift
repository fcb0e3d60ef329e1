/// One symbol at one venue, written `venue:SYMBOL`.
public struct Instrument: Hashable, Sendable, CustomStringConvertible {
    /// The venue that lists the symbol.
    public let venue: Venue
    /// The venue's own symbol, in the venue's own case.
    public let symbol: String

    /// Names an instrument.
    public init(venue: Venue, symbol: String) {
        self.venue = venue
        self.symbol = symbol
    }

    /// Reads `venue:SYMBOL`; nil unless both parts are there.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let venue = text[..<colon]
        let symbol = text[text.index(after: colon)...]
        guard !venue.isEmpty, !symbol.isEmpty else { return nil }
        self.init(venue: Venue(rawValue: String(venue)), symbol: String(symbol))
    }

    /// `venue:SYMBOL`.
    public var description: String { "\(venue):\(symbol)" }
}

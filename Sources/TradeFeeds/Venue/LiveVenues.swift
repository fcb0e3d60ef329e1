package import MarketData

/// The venues that live feeds can follow.
package enum LiveVenues {
    /// One line a venue, in the order in which messages name them; the first is the default.
    package static let all: [VenueDescriptor] = [
        .binanceUSDM,
        .binanceSpot,
        .okx,
        .coinbase,
        .bybit,
        .kraken,
    ]

    /// The descriptor of a venue, nil where there is no live feed for it.
    package static subscript(_ venue: Venue) -> VenueDescriptor? {
        all.first { $0.venue == venue }
    }
}

/// The instruments and episodes of a simulated market.
package struct SimulatedMarketConfiguration: Hashable, Sendable {
    /// The seed; the same seed generates the same market.
    package var seed: UInt64
    /// The instruments; a driver may be anywhere in the list.
    package var instruments: [SimulatedInstrument]
    /// The episodes of the run; the bars of the past have none.
    package var episodes: [SimulatedEpisode]

    /// A configuration from its parts.
    package init(
        seed: UInt64 = 1,
        instruments: [SimulatedInstrument] = standardInstruments,
        episodes: [SimulatedEpisode] = standardEpisodes
    ) {
        self.seed = seed
        self.instruments = instruments
        self.episodes = episodes
    }

    /// One driver and three followers, with half-lives from seconds, for windows of one-second bars, to minutes; one
    /// instrument trades rarely.
    package static let standardInstruments: [SimulatedInstrument] = [
        .randomWalk("BTCUSDT", price: 60_000, volatility: 2e-4, tradesPerSecond: 25),
        .follower(
            "ETHUSDT",
            of: "BTCUSDT",
            price: 2_600,
            hedgeRatio: 1.2,
            halfLife: 8,
            spreadVolatility: 3e-4,
            tradesPerSecond: 8
        ),
        .follower(
            "SOLUSDT",
            of: "BTCUSDT",
            price: 150,
            hedgeRatio: 1.5,
            halfLife: 8,
            spreadVolatility: 2.5e-4,
            tradesPerSecond: 20,
            priceDecimals: 3,
            quantityDecimals: 2,
            meanQuantity: 10
        ),
        .follower(
            "XRPUSDT",
            of: "BTCUSDT",
            price: 2.5,
            hedgeRatio: 0.8,
            halfLife: 180,
            spreadVolatility: 1e-3,
            tradesPerSecond: 0.5,
            priceDecimals: 5,
            quantityDecimals: 1,
            meanQuantity: 300
        ),
    ]

    /// Each kind once within fifteen minutes, the first after three, so that a new run first shows the undisturbed
    /// market.
    ///
    /// The burst and the decoupling concern instruments with a short half-life: their spread widens within a few bars,
    /// before the window adapts, and the tests show cointegration before the decoupling.
    package static let standardEpisodes: [SimulatedEpisode] = [
        SimulatedEpisode(.volatilityBurst, of: "ETHUSDT", start: 180, duration: 45),
        SimulatedEpisode(.decoupling, of: "SOLUSDT", start: 360, duration: 120),
        SimulatedEpisode(.silentFeed, of: "XRPUSDT", start: 600, duration: 120),
    ]
}

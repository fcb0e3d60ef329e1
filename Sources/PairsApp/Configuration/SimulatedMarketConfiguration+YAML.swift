import SimulatedMarket

extension SimulatedMarketConfiguration {
    /// Reads `simulated:` of a feed; what is left out keeps its standard value.
    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        self.init()
        let entries = try node.mapping(["seed", "instruments", "episodes"])
        if let node = entries["seed"] { seed = UInt64(try node.integer(0...Int.max)) }
        if let node = entries["instruments"] {
            var instruments: [SimulatedInstrument] = []
            for item in try node.list() { instruments.append(try SimulatedInstrument(item)) }
            self.instruments = instruments
            if entries["episodes"] == nil { episodes = [] }
        }
        if let node = entries["episodes"] {
            var episodes: [SimulatedEpisode] = []
            for item in try node.list() { episodes.append(try SimulatedEpisode(item)) }
            self.episodes = episodes
        }
        do {
            try validate()
        } catch {
            throw node.error("\(error)")
        }
    }
}

extension SimulatedInstrument {
    /// Reads one instrument: with `driver` a follower, without one a random walk.
    fileprivate init(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping([
            "symbol", "price", "driver", "hedge_ratio", "half_life", "volatility", "spread_volatility",
            "trades_per_second", "price_decimals", "quantity_decimals", "mean_quantity",
        ])
        guard let symbol = try entries["symbol"]?.string() else { throw node.error("symbol is missing") }
        let price = try entries["price"]?.number(1e-9...1e9) ?? 100
        let tradesPerSecond = try entries["trades_per_second"]?.number(0...1000) ?? 5
        let priceDecimals = try entries["price_decimals"]?.integer(0...12) ?? 2
        let quantityDecimals = try entries["quantity_decimals"]?.integer(0...12) ?? 3
        let meanQuantity = try entries["mean_quantity"]?.number(1e-9...1e9) ?? 1
        if let driver = try entries["driver"]?.string() {
            let halfLife = try entries["half_life"]?.duration(from: "1s", to: "1d") ?? 20_000_000
            self = .follower(
                symbol,
                of: driver,
                price: price,
                hedgeRatio: try entries["hedge_ratio"]?.number(-100...100) ?? 1,
                halfLife: Double(halfLife) / 1e6,
                spreadVolatility: try entries["spread_volatility"]?.number(0...1) ?? 5e-4,
                tradesPerSecond: tradesPerSecond,
                priceDecimals: priceDecimals,
                quantityDecimals: quantityDecimals,
                meanQuantity: meanQuantity
            )
        } else {
            self = .randomWalk(
                symbol,
                price: price,
                volatility: try entries["volatility"]?.number(0...1) ?? 2e-4,
                tradesPerSecond: tradesPerSecond,
                priceDecimals: priceDecimals,
                quantityDecimals: quantityDecimals,
                meanQuantity: meanQuantity
            )
        }
    }
}

extension SimulatedEpisode {
    /// Reads one episode.
    fileprivate init(_ node: ConfigurationNode) throws(ConfigurationError) {
        let entries = try node.mapping(["kind", "instrument", "start", "duration", "factor"])
        guard let kindNode = entries["kind"] else { throw node.error("kind is missing") }
        guard let instrument = try entries["instrument"]?.string() else { throw node.error("instrument is missing") }
        self.init(
            try kindNode.choice(Kind.self),
            of: instrument,
            start: Double(try entries["start"]?.duration(from: "0s", to: "1d") ?? 120_000_000) / 1e6,
            duration: Double(try entries["duration"]?.duration(from: "1s", to: "10m") ?? 60_000_000) / 1e6,
            factor: try entries["factor"]?.number(0...100) ?? 10
        )
    }
}

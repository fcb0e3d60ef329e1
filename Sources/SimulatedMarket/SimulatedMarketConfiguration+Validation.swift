extension SimulatedMarketConfiguration {
    /// Checks that a market can be created from the configuration.
    ///
    /// - Throws: ``SimulatedMarketError``.
    package func validate() throws(SimulatedMarketError) {
        var drivers: [String: String?] = [:]
        for instrument in instruments {
            guard drivers[instrument.symbol] == nil else { throw .duplicateSymbol(instrument.symbol) }
            drivers[instrument.symbol] = .some(instrument.driver)
        }
        for instrument in instruments {
            try instrument.validate()
            guard let driver = instrument.driver else { continue }
            guard let itsDriver = drivers[driver], itsDriver == nil else {
                throw .driver(driver, of: instrument.symbol)
            }
        }
        for episode in episodes {
            guard drivers[episode.instrument] != nil else { throw .episode(episode.instrument) }
            guard episode.start >= 0, episode.start.isFinite else {
                throw .value("the start of an episode", of: episode.instrument, mustBe: "zero seconds or more")
            }
            guard episode.duration > 0, episode.duration < SimulatedEpisode.period else {
                let range = "more than 0 and less than \(Int(SimulatedEpisode.period)) seconds"
                throw .value("the duration of an episode", of: episode.instrument, mustBe: range)
            }
            guard (0...100).contains(episode.factor) else {
                throw .value("the factor of an episode", of: episode.instrument, mustBe: "0 to 100")
            }
        }
    }
}

extension SimulatedInstrument {
    fileprivate func validate() throws(SimulatedMarketError) {
        func require(_ holds: Bool, _ name: String, _ mustBe: String) throws(SimulatedMarketError) {
            guard holds else { throw .value(name, of: symbol, mustBe: mustBe) }
        }
        try require(price > 0 && price <= 1e8, "the price", "above 0 and at most 1e8")
        try require((0...10_000).contains(tradesPerSecond), "the rate of trades", "0 to 10000 per second")
        try require((0...8).contains(priceDecimals), "the number of price decimals", "0 to 8")
        try require((0...8).contains(quantityDecimals), "the number of quantity decimals", "0 to 8")
        try require(meanQuantity > 0 && meanQuantity <= 1e8, "the mean quantity", "above 0 and at most 1e8")
        if driver == nil {
            try require(volatility > 0 && volatility <= 0.01, "the volatility", "above 0 and at most 0.01 per second")
        } else {
            try require(abs(hedgeRatio) <= 100, "the hedge ratio", "from -100 to 100")
            try require(halfLife > 0 && halfLife.isFinite, "the half-life", "above 0 seconds")
            try require((0...0.1).contains(spreadVolatility), "the volatility of the spread", "from 0 to 0.1")
        }
    }
}

public import MarketData

extension AnalysisSettings {
    /// Settings of the exporter for a pair, or for any pair that its configuration does not name.
    /// - Parameters:
    ///   - configuration: what the exporter runs with.
    ///   - y: the leg that is explained, where it is an instrument.
    ///   - x: the leg that explains, likewise.
    public init(_ configuration: Configuration, y: Instrument?, x: Instrument?) {
        let pair = configuration.pairs.first { $0.y == y && $0.x == x }
        let settings = pair?.settings ?? configuration.pairDefaults
        self.init(
            price: settings.price,
            tests: settings.tests,
            thresholds: settings.signals,
            minimumFill: configuration.bars.minimumFill
        )
    }
}

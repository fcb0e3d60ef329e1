/// The configuration of `demo`: a simulated market whose hedge ratios and half-lives are known.
package enum DemoConfiguration {
    /// What happens in the market.
    package enum Episodes: String, Sendable, CaseIterable {
        /// A volatility burst, a decoupling and a silent feed, again and again.
        case standard
        /// Nothing.
        case none
    }

    /// The document, with placeholders for what can be chosen.
    private static let template = """
        feeds:
          - venue: simulated
            simulated: {EPISODES}
        storage: {path: "DATABASE"}
        timeframes: [1s, 1m]
        windows: [240]
        hedge_ratios: [tls, huber, theil-sen, kalman]
        tests: {every_bars: 5}
        # The half-lives of this market are a few seconds, so bars of one second may alert.
        alerts: {timeframes: [1s], min_confidence: 0}
        pairs:
          - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
          - {y: "simulated:SOLUSDT", x: "simulated:BTCUSDT"}
          - {y: "simulated:XRPUSDT", x: "simulated:BTCUSDT"}
        """

    /// The document as a user would write it.
    /// - Parameters:
    ///   - database: where the demo keeps its trades.
    ///   - seed: another seed gives another market of the same kind; nil for the standard one.
    ///   - episodes: what happens in the market.
    package static func yaml(database: String, seed: UInt32? = nil, episodes: Episodes = .standard) -> String {
        let market = [seed.map { "seed: \($0)" }, episodes == .none ? "episodes: []" : nil]
        return template.replacing("EPISODES", with: market.compactMap(\.self).joined(separator: ", "))
            .replacing("DATABASE", with: database)
    }
}

/// The configuration of `demo`: a simulated market whose hedge ratios and half-lives are known.
public enum DemoConfiguration {
    /// The document, with a placeholder for the database.
    private static let template = """
        feeds:
          - venue: simulated
        storage: {path: "DATABASE"}
        timeframes: [1s, 1m, 5m]
        windows: [60, 240]
        hedge_ratios: [tls, huber, theil-sen, kalman]
        tests: {every_bars: 5}
        pairs:
          - {y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}
          - {y: "simulated:SOLUSDT", x: "simulated:BTCUSDT"}
          - {y: "simulated:XRPUSDT", x: "simulated:BTCUSDT"}
        """

    /// The document as a user would write it.
    /// - Parameter database: where the demo keeps its trades.
    public static func yaml(database: String) -> String {
        template.replacing("DATABASE", with: database)
    }
}

import ExporterHTTP
import MarketData
import SimulatedMarket

/// The text that the demo prints on the terminal: the addresses, and the true parameters of its market.
package struct DemoGuide: Sendable {
    private let configuration: Configuration
    private let options: ExporterOptions
    private let port: Int

    /// A guide to a demo that serves HTTP.
    package init(configuration: Configuration, options: ExporterOptions, port: Int) {
        self.configuration = configuration
        self.options = options
        self.port = port
    }

    /// The guide as text.
    package var text: String {
        let host = options.listenAddresses.first?.host ?? ""
        let address = host.isEmpty ? "localhost:\(port)" : host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let root = "http://\(address)\(options.routePrefix.path)"
        let market = configuration.feeds.first { $0.venue == .simulated }?.simulated ?? SimulatedMarketConfiguration()
        return """
            pairs-exporter demo: a simulated market, seed \(market.seed)

              readings    \(root)/
              metrics     \(root)\(options.telemetryPath)
              ready       \(root)/-/ready
              flowing     \(root)/-/flowing
              database    \(configuration.storage.path)

            What is true in this market:
            \(truths(market).map { "  " + $0 }.joined(separator: "\n"))

            \(happenings(market))

            Stop with Ctrl-C.
            """
    }

    private func truths(_ market: SimulatedMarketConfiguration) -> [String] {
        market.instruments.map { instrument in
            guard let driver = instrument.driver else {
                return "\(instrument.symbol): a random walk, \(instrument.tradesPerSecond) trades/s"
            }
            return "\(instrument.symbol) on \(driver): hedge ratio \(instrument.hedgeRatio), half-life "
                + "\(Int(instrument.halfLife)) s, \(instrument.tradesPerSecond) trades/s"
        }
    }

    private func happenings(_ market: SimulatedMarketConfiguration) -> String {
        if market.episodes.isEmpty { return "Nothing else happens: the market is quiet." }
        let lines = episodes(market).map { "  " + $0 }.joined(separator: "\n")
        return "What will happen, again every \(Int(SimulatedEpisode.period / 60)) minutes:\n" + lines
    }

    private func episodes(_ market: SimulatedMarketConfiguration) -> [String] {
        market.episodes.sorted { $0.start < $1.start }.map { episode in
            let seconds = Int(episode.start)
            let remainder = seconds % 60
            let time = "\(seconds / 60):\(remainder < 10 ? "0" : "")\(remainder)"
            let kind = episode.kind.rawValue.replacing("_", with: " ")
            return "after \(time) for \(Int(episode.duration)) s: \(kind) of \(episode.instrument)"
        }
    }
}

import Foundation
import Logging
import MarketData
import SimulatedMarket
import TradeFeeds
import TradeFiles

/// A feed that is not made yet: streams are numbered over all feeds before any feed can be made.
///
/// A new venue is a folder in `TradeFeeds` and a line of ``LiveVenues``.
struct FeedPlan {
    /// The streams of the feed's instruments, in the order in which pairs name them.
    let streams: [TradeStream]
    /// The symbols that the source has, nil where they are not known in advance.
    let symbols: [String]?
    /// Rows of the source that are not trades, by symbol.
    let refused: [String: RefusedRows]
    private let makeFeed: (StreamTable, Logger) throws -> any TradeFeed

    /// Finds the streams of the feed.
    /// - Parameter environment: the variables that name proxies.
    /// - Throws: why the feed's source cannot be used, such as a file that is not there.
    init(
        _ feed: FeedConfiguration,
        instruments: [Instrument],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let streamName: String
        var symbols: [String]?
        var refused: [String: RefusedRows] = [:]
        switch feed.venue {
        case .simulated:
            streamName = SimulatedFeed.streamName
            makeFeed = { streams, _ in try SimulatedFeed(configuration: feed.simulated, streams: streams) }
        case .replay:
            let file = try ReplayFile.inspect(feed.replayPath, frames: .binance)
            streamName = file.streamName
            (symbols, refused) = (file.symbols, file.refused)
            makeFeed = {
                ReplayFeed(file: file, frames: .binance, speed: feed.replaySpeed, streams: $0, logger: $1)
            }
        default:
            guard let venue = LiveVenues[feed.venue] else {
                let known = LiveVenues.all.map(\.description)
                throw FeedConfigurationError.venue(feed.venue.rawValue, known: known)
            }
            streamName = feed.stream
            var live = LiveFeedConfiguration(
                websocketURL: feed.websocketURL ?? venue.websocketURL,
                restURL: feed.restURL ?? venue.restURL,
                idleTimeout: .microseconds(feed.idleTimeout),
                connectsPerMinute: feed.connectsPerMinute,
                repairHorizon: .microseconds(feed.repairHorizon),
                connectionLifetime: feed.connectionLifetime.map { .microseconds($0) }
            )
            live.proxies = try ProxySettings(environment: environment)
            makeFeed = { [live] in try venue.feed(stream: feed.stream, configuration: live, streams: $0, logger: $1) }
        }
        self.symbols = symbols
        self.refused = refused
        streams = instruments.map { TradeStream(instrument: $0, name: streamName) }
    }

    /// Makes the feed, once all streams are numbered.
    func feed(streams: StreamTable, logger: Logger) throws -> any TradeFeed {
        try makeFeed(streams, logger)
    }
}

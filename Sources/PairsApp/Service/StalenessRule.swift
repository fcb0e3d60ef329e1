import MarketData
import PairEngine
import TradeFeeds

/// Decides by the clocks of a pair's feeds whether its reading still counts as current.
struct StalenessRule: Sendable {
    /// The positions of each pair's feeds, in the order of the engine's definitions.
    private let feedsOfPair: [Set<Int>]
    /// Whether each feed follows the present; a file does not.
    private let isLive: [Bool]
    private let carryLimit: Int
    private let wallClock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - definitions: the pairs.
    ///   - feedOfInstrument: the position of each instrument's feed.
    ///   - isLive: whether each feed follows the present.
    ///   - carryLimit: bars without a trade that carry the last close.
    ///   - wallClock: replaces a live feed's clock until its first trade or the first answer of its venue, so that bars
    ///     on disk do not count as current after a restart while the venue cannot be reached.
    init(
        definitions: [PairDefinition],
        feedOfInstrument: InstrumentMap<Int>,
        isLive: [Bool],
        carryLimit: Int,
        wallClock: @escaping @Sendable () -> Timestamp = { WallClock.now() }
    ) {
        feedsOfPair = definitions.map { definition in
            Set([definition.y, definition.x].compactMap { feedOfInstrument[$0] })
        }
        self.isLive = isLive
        self.carryLimit = carryLimit
        self.wallClock = wallClock
    }

    /// For each reading, whether a leg has been without a trade for longer than its close may be carried.
    func isStale(in snapshot: MarketSnapshot) -> [Bool] {
        let present = wallClock()
        let clocks = zip(snapshot.feeds, isLive).map { feed, isLive in
            feed.now ?? (isLive ? feed.venueTime ?? present : nil)
        }
        let clocksOfPairs = feedsOfPair.map { feeds in feeds.compactMap { clocks[$0] }.max() }
        let readings = snapshot.readings
        return readings.indices.map { index in
            guard let now = clocksOfPairs[readings[index].pair] else { return false }
            return readings[index].isStale(now: now, carryLimit: carryLimit)
        }
    }
}

import MarketData
import PairEngine

/// Decides by the clocks of a pair's feeds whether its reading may still pass for a current one.
struct StalenessRule: Sendable {
    /// The positions of each pair's feeds, in the order of the engine's definitions.
    private let feedsOfPair: [Set<Int>]
    private let carryLimit: Int

    /// - Parameter feedOfInstrument: the position of each instrument's feed, in the order of the stream table.
    init(definitions: [PairDefinition], feedOfInstrument: [Int], carryLimit: Int) {
        feedsOfPair = definitions.map { definition in
            [feedOfInstrument[Int(definition.y.index)], feedOfInstrument[Int(definition.x.index)]]
        }
        self.carryLimit = carryLimit
    }

    /// Whether bars have failed to come for longer than they may be carried.
    func isStale(_ reading: PairReading, in snapshot: MarketSnapshot) -> Bool {
        guard let now = feedsOfPair[reading.pair].compactMap({ snapshot.feeds[$0].now }).max() else { return false }
        return reading.isStale(now: now, carryLimit: carryLimit)
    }
}

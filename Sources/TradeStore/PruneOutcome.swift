/// How many rows a pruning removed.
public struct PruneOutcome: Hashable, Sendable {
    /// Trades older than their retention.
    public var trades: Int
    /// Bars older than their retention.
    public var bars: Int
    /// Holes below the first trade that is left.
    public var holes: Int
    /// States of readings whose last bar is older than its retention.
    public var states: Int

    /// An outcome from its parts.
    public init(trades: Int = 0, bars: Int = 0, holes: Int = 0, states: Int = 0) {
        self.trades = trades
        self.bars = bars
        self.holes = holes
        self.states = states
    }
}

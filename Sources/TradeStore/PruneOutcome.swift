/// How many rows a pruning removed.
public struct PruneOutcome: Hashable, Sendable {
    /// Trades older than their retention.
    public var trades: Int
    /// Bars older than their retention.
    public var bars: Int
    /// Gaps below the first trade that is left.
    public var gaps: Int
    /// States of readings whose last bar is older than its retention.
    public var states: Int

    /// An outcome from its parts.
    public init(trades: Int = 0, bars: Int = 0, gaps: Int = 0, states: Int = 0) {
        self.trades = trades
        self.bars = bars
        self.gaps = gaps
        self.states = states
    }
}

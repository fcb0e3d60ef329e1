/// How many rows a pruning removed.
package struct PruneOutcome: Hashable, Sendable {
    /// Trades older than their retention.
    package var trades: Int
    /// Bars older than their retention.
    package var bars: Int
    /// Gaps below the first trade that is left.
    package var gaps: Int
    /// States of readings whose last bar is older than its retention.
    package var states: Int

    /// An outcome from its parts.
    package init(trades: Int = 0, bars: Int = 0, gaps: Int = 0, states: Int = 0) {
        self.trades = trades
        self.bars = bars
        self.gaps = gaps
        self.states = states
    }
}

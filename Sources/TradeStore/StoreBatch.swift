package import MarketData

/// What one transaction writes: all of it or nothing.
package struct StoreBatch: Sendable {
    /// Trades of the market (``Trade/discard`` is nil), in any order.
    package var trades: [Trade]
    /// Closed bars; a later bar of the same slot replaces an earlier one.
    package var bars: [Bar]
    /// Changes of gaps, in the order in which they are applied.
    package var gapChanges: [IDGapChange]
    /// States of readings after bars of this batch and earlier ones; a later state replaces an earlier one with the
    /// same key.
    package var states: [ReadingState]

    /// A batch from its parts.
    package init(
        trades: [Trade] = [],
        bars: [Bar] = [],
        gapChanges: [IDGapChange] = [],
        states: [ReadingState] = []
    ) {
        self.trades = trades
        self.bars = bars
        self.gapChanges = gapChanges
        self.states = states
    }

    /// Whether there is nothing to write.
    package var isEmpty: Bool { trades.isEmpty && bars.isEmpty && gapChanges.isEmpty && states.isEmpty }

    /// The number of rows in the batch without states, of which at most one per key waits.
    package var recordCount: Int { trades.count + bars.count + gapChanges.count }

    /// Adds a later batch, so that both are written together.
    package mutating func append(_ other: StoreBatch) {
        trades.append(contentsOf: other.trades)
        bars.append(contentsOf: other.bars)
        gapChanges.append(contentsOf: other.gapChanges)
        states.merge(other.states)
    }
}

public import MarketData

/// What one transaction writes: all of it or nothing.
public struct StoreBatch: Sendable {
    /// Trades of the market (``Trade/discard`` is nil), in any order.
    public var trades: [Trade]
    /// Closed bars; a later bar of the same slot replaces an earlier one.
    public var bars: [Bar]
    /// Steps in the life of holes, in the order in which they are applied.
    public var holeChanges: [HoleChange]
    /// What readings remember after bars of this batch and earlier ones; a later state of the same key replaces an
    /// earlier one.
    public var states: [ReadingState]

    /// A batch from its parts.
    public init(
        trades: [Trade] = [],
        bars: [Bar] = [],
        holeChanges: [HoleChange] = [],
        states: [ReadingState] = []
    ) {
        self.trades = trades
        self.bars = bars
        self.holeChanges = holeChanges
        self.states = states
    }

    /// Whether there is nothing to write.
    public var isEmpty: Bool { trades.isEmpty && bars.isEmpty && holeChanges.isEmpty && states.isEmpty }

    /// How many rows the batch touches, apart from states, of which no more than one per key ever waits.
    public var recordCount: Int { trades.count + bars.count + holeChanges.count }

    /// Adds what comes later, so that both are written together.
    public mutating func append(_ other: StoreBatch) {
        trades.append(contentsOf: other.trades)
        bars.append(contentsOf: other.bars)
        holeChanges.append(contentsOf: other.holeChanges)
        states.merge(other.states)
    }
}

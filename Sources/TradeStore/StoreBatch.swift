public import MarketData

/// What one transaction writes: all of it or nothing.
public struct StoreBatch: Sendable {
    /// Trades of the market (``Trade/discard`` is nil), in any order.
    public var trades: [Trade]
    /// Closed bars; a later bar of the same slot replaces an earlier one.
    public var bars: [Bar]
    /// Steps in the life of gaps, in the order in which they are applied.
    public var gapChanges: [IDGapChange]
    /// What readings remember after bars of this batch and earlier ones; a later state of the same key replaces an
    /// earlier one.
    public var states: [ReadingState]

    /// A batch from its parts.
    public init(
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
    public var isEmpty: Bool { trades.isEmpty && bars.isEmpty && gapChanges.isEmpty && states.isEmpty }

    /// How many rows the batch touches, apart from states, of which no more than one per key ever waits.
    public var recordCount: Int { trades.count + bars.count + gapChanges.count }

    /// Adds what comes later, so that both are written together.
    public mutating func append(_ other: StoreBatch) {
        trades.append(contentsOf: other.trades)
        bars.append(contentsOf: other.bars)
        gapChanges.append(contentsOf: other.gapChanges)
        states.merge(other.states)
    }
}

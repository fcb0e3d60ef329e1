/// What records were turned into, in the order in which it happened: what the store writes and the pairs read.
public struct PipelineOutput: Sendable {
    /// New trades of the market.
    public var trades: [Trade] = []
    /// Bars that closed.
    public var bars: [Bar] = []
    /// Closed bars that turned out to overlap missing trades: each is a gap in place of the bar before.
    public var revisedBars: [Bar] = []
    /// What became of missing ids.
    public var gapChanges: [IDGapChange] = []
    /// What an operator should know of ids.
    public var notices: [PipelineNotice] = []

    /// Nothing yet.
    public init() {}

    /// Whether there is nothing to store or to read.
    public var isEmpty: Bool { trades.isEmpty && bars.isEmpty && revisedBars.isEmpty && gapChanges.isEmpty }
}

/// The results of processed records, in order: the store writes them, and the pairs read them.
public struct PipelineOutput: Sendable {
    /// New trades of the market.
    public var trades: [Trade] = []
    /// Bars that closed.
    public var bars: [Bar] = []
    /// Closed bars that turned out to overlap missing trades: each is a gap in place of the bar before.
    public var revisedBars: [Bar] = []
    /// Changes of the gaps in the ids.
    public var gapChanges: [IDGapChange] = []
    /// Facts about ids that the operator should see.
    public var notices: [PipelineNotice] = []

    /// An empty output.
    public init() {}

    /// Whether there is nothing to store or to read.
    public var isEmpty: Bool { trades.isEmpty && bars.isEmpty && revisedBars.isEmpty && gapChanges.isEmpty }
}

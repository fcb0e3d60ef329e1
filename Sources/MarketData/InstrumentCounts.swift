/// The counts of one instrument since the program started.
public struct InstrumentCounts: Sendable, Equatable {
    /// Trades of the market, each id once.
    public var trades = 0
    /// Their summed quantity.
    public var volume = 0.0
    /// The price of the trade with the greatest time, nil before the first.
    public var lastPrice: Double?
    /// The greatest trade time.
    public var lastTradeTime: Timestamp?
    /// Records that are not trades of the market, by reason.
    public var discarded: [DiscardReason: Int] = [:]
    /// How often ids were found missing.
    public var gaps = 0
    /// How many ids were found missing.
    public var missing: Int64 = 0
    /// How many of the missing ids arrived after all.
    public var repaired = 0
    /// How often the venue restarted the numbering of its trades.
    public var numberingResets = 0
    /// Trades whose id has been received before.
    public var duplicates = 0
    /// Trades that arrived after their shortest bar had closed.
    public var late = 0
    /// Ids in open gaps, those of earlier runs included; unrepairable ids do not count.
    public var unrepaired: Int64 = 0
    /// Closed bars, by timeframe and state.
    public var bars: [Timeframe: [BarState: Int]] = [:]

    /// Counts before the first record.
    public init() {}
}

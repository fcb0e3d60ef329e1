/// One closed bar of one instrument.
public struct Bar: Hashable, Sendable {
    /// Which instrument of the run.
    public var instrument: InstrumentID
    /// The length of the bar.
    public var timeframe: Timeframe
    /// The number of the bar since the epoch; see ``Timeframe/slot(of:)``.
    public var slot: Int64
    /// What the value is based on.
    public var state: BarState
    /// What the bar was made from.
    public var origin: BarOrigin
    /// The value, nil exactly when the state is ``BarState/gap``.
    public var prices: BarPrices?

    /// A bar from its parts.
    public init(
        instrument: InstrumentID,
        timeframe: Timeframe,
        slot: Int64,
        state: BarState,
        origin: BarOrigin = .trades,
        prices: BarPrices?
    ) {
        self.instrument = instrument
        self.timeframe = timeframe
        self.slot = slot
        self.state = state
        self.origin = origin
        self.prices = prices
    }

    /// The first moment of the bar.
    public var openTime: Timestamp { timeframe.openTime(of: slot) }
    /// The moment at which the bar ends.
    public var closeTime: Timestamp { timeframe.closeTime(of: slot) }
}

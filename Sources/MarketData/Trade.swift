/// One record of a trade stream, of fixed size: no text, no allocation.
public struct Trade: Hashable, Sendable {
    /// Which stream of the run it belongs to.
    public var instrument: InstrumentID
    /// Who crossed the spread.
    public var takerSide: TakerSide
    /// Nil for a trade of the market; otherwise the id is real, but the record gives no price.
    public var discard: DiscardReason?
    /// The venue's id within the stream.
    public var id: Int64
    /// When the venue matched it.
    public var time: Timestamp
    /// Price, exactly as the venue wrote it.
    public var price: FixedDecimal
    /// Quantity, exactly as the venue wrote it.
    public var quantity: FixedDecimal

    /// A record from its parts.
    @inlinable
    public init(
        instrument: InstrumentID,
        id: Int64,
        time: Timestamp,
        price: FixedDecimal,
        quantity: FixedDecimal,
        takerSide: TakerSide,
        discard: DiscardReason? = nil
    ) {
        self.instrument = instrument
        self.takerSide = takerSide
        self.discard = discard
        self.id = id
        self.time = time
        self.price = price
        self.quantity = quantity
    }
}

/// A sequence of trades whose ids form one space: one instrument, one kind of stream.
///
/// Aggregate trades and single trades of the same symbol are numbered apart, so an id means nothing without its stream.
public struct TradeStream: Hashable, Sendable, CustomStringConvertible {
    /// The instrument that trades.
    public let instrument: Instrument
    /// The venue's name for the kind of stream, such as `aggTrade` or `trade`.
    public let name: String

    /// Names a stream.
    public init(instrument: Instrument, name: String) {
        self.instrument = instrument
        self.name = name
    }

    /// `venue:SYMBOL@stream`.
    public var description: String { "\(instrument)@\(name)" }
}

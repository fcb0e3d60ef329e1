/// A sequence of trades whose ids form one space: one instrument, one kind of stream.
///
/// Aggregate trades and single trades of the same symbol are numbered apart, so an id is unique only within its stream.
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

extension TradeStream {
    /// The beginning of the name of a stream whose source does not number its trades; the checksum of the file follows.
    package static let unnumberedPrefix = "file-"

    /// Names of streams whose venue gives no consecutive ids, so that their trades are numbered by arrival.
    private static let unnumberedNames: Set = ["publicTrade"]

    /// Whether the source numbers its trades, so that a jump in the ids proves that some are missing.
    package var isNumbered: Bool { Self.isNumbered(name) }

    /// Whether the trades of a stream of this name have ids of their source.
    package static func isNumbered(_ name: String) -> Bool {
        !name.hasPrefix(unnumberedPrefix) && !unnumberedNames.contains(name)
    }
}

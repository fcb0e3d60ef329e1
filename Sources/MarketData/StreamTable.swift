/// The streams of one run, numbered once at start so that everything per trade works with integers.
public struct StreamTable: Sendable {
    /// All streams; a stream's position is its ``InstrumentID``.
    public let streams: [TradeStream]
    private let idsByInstrument: [Instrument: InstrumentID]

    /// Numbers streams in the order given. A second stream of the same instrument is dropped: an instrument has one
    /// stream in a run, because its bars must not count a trade twice.
    public init(_ streams: [TradeStream]) {
        var kept: [TradeStream] = []
        var ids: [Instrument: InstrumentID] = [:]
        for stream in streams where ids[stream.instrument] == nil {
            ids[stream.instrument] = InstrumentID(kept.count)
            kept.append(stream)
        }
        self.streams = kept
        idsByInstrument = ids
    }

    /// The stream with this number.
    public subscript(id: InstrumentID) -> TradeStream {
        streams[Int(id.index)]
    }

    /// The number of an instrument's stream, or nil when it is not part of this run.
    public func id(of instrument: Instrument) -> InstrumentID? {
        idsByInstrument[instrument]
    }

    /// All numbers, in order.
    public var ids: [InstrumentID] {
        streams.indices.map { InstrumentID($0) }
    }
}

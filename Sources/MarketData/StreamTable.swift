import Synchronization

/// The streams of the program, numbered so that everything per trade works with integers.
///
/// Streams are added while others run; no number is used for two streams.
public final class StreamTable: Sendable {
    private struct State {
        var streams: [TradeStream] = []
        var ids: [Instrument: InstrumentID] = [:]

        mutating func add(_ stream: TradeStream) -> InstrumentID {
            if let id = ids[stream.instrument] { return id }
            let id = InstrumentID(streams.count)
            ids[stream.instrument] = id
            streams.append(stream)
            return id
        }
    }

    private let state: Mutex<State>

    /// Numbers streams in the order given, as ``add(_:)`` does.
    public init(_ streams: [TradeStream] = []) {
        var state = State()
        for stream in streams { _ = state.add(stream) }
        self.state = Mutex(state)
    }

    /// Gives a stream its number. An instrument has one stream, because its bars must not count a trade twice: a second
    /// one is left out, and the number of the first is returned.
    @discardableResult
    public func add(_ stream: TradeStream) -> InstrumentID {
        state.withLock { $0.add(stream) }
    }

    /// All streams; a stream's position is its ``InstrumentID``.
    public var streams: [TradeStream] {
        state.withLock { $0.streams }
    }

    /// The stream with this number.
    public subscript(id: InstrumentID) -> TradeStream {
        state.withLock { $0.streams[Int(id.index)] }
    }

    /// Some of the streams by their numbers.
    public func streams(of ids: [InstrumentID]) -> [InstrumentID: TradeStream] {
        let streams = streams
        return Dictionary(ids.map { ($0, streams[Int($0.index)]) }) { first, _ in first }
    }

    /// The number of an instrument's stream, nil where it has none.
    public func id(of instrument: Instrument) -> InstrumentID? {
        state.withLock { $0.ids[instrument] }
    }

    /// All numbers, in order.
    public var ids: [InstrumentID] {
        streams.indices.map { InstrumentID($0) }
    }
}

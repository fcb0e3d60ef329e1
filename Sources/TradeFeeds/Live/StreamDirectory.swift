import MarketData
import Synchronization

/// The streams that a feed should follow, which may change while it runs.
final class StreamDirectory: Sendable {
    /// Streams to follow from here on, in place of those before.
    struct Change: Sendable {
        var streams: Set<InstrumentID>
        /// The last trade known of streams that were not followed before.
        var positions: [InstrumentID: StreamPosition]
        /// Finishes when nothing more is delivered of streams that are not followed any further.
        var receipt: AsyncStream<Void>.Continuation?
    }

    private struct State {
        var streams: [InstrumentID: TradeStream]
        /// Where the run at present finds changes, nil between runs.
        var changes: AsyncStream<Change>.Continuation?
        /// Of the changes that are under way.
        var receipts: [Int: AsyncStream<Void>.Continuation] = [:]
        var changeCount = 0
    }

    private let state: Mutex<State>

    init(_ streams: [InstrumentID: TradeStream]) {
        state = Mutex(State(streams: streams))
    }

    /// Every stream to follow.
    var all: [InstrumentID: TradeStream] { state.withLock { $0.streams } }

    subscript(id: InstrumentID) -> TradeStream? { state.withLock { $0.streams[id] } }

    /// Replaces the streams, and returns when a run has made the change.
    func replace(with streams: [InstrumentID: TradeStream], resuming positions: [InstrumentID: StreamPosition]) async {
        let (receipts, receipt) = AsyncStream.makeStream(of: Void.self)
        let number: Int? = state.withLock { state in
            state.streams = streams
            guard let changes = state.changes else { return nil }
            state.changeCount += 1
            state.receipts[state.changeCount] = receipt
            changes.yield(Change(streams: Set(streams.keys), positions: positions, receipt: receipt))
            return state.changeCount
        }
        guard let number else { return }
        for await _ in receipts {}
        state.withLock { _ = $0.receipts.removeValue(forKey: number) }
    }

    /// The streams of a run that begins, and what replaces them while it lasts.
    /// - Parameter positions: the last trade known of each stream.
    func beginRun(resuming positions: [InstrumentID: StreamPosition]) -> AsyncStream<Change> {
        let (changes, continuation) = AsyncStream.makeStream(of: Change.self)
        state.withLock { state in
            state.changes = continuation
            continuation.yield(Change(streams: Set(state.streams.keys), positions: positions))
        }
        return changes
    }

    /// Ends the run and every wait for a change.
    func endRun() {
        let receipts = state.withLock { state in
            defer { (state.changes, state.receipts) = (nil, [:]) }
            return Array(state.receipts.values)
        }
        for receipt in receipts { receipt.finish() }
    }
}

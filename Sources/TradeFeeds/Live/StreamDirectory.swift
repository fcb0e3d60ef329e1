import MarketData
import Synchronization

/// The streams that a feed should follow, which may change while it runs.
final class StreamDirectory: Sendable {
    /// The streams to follow, in place of the earlier ones.
    struct Change: Sendable {
        var streams: Set<InstrumentID>
        /// The last known trade of each stream that was not followed before.
        var positions: [InstrumentID: StreamPosition]
        /// Finishes when nothing more is delivered of removed streams.
        var receipt: AsyncStream<Void>.Continuation?
    }

    private struct State {
        var streams: [InstrumentID: TradeStream]
        /// The changes for the present run, nil between runs.
        var changes: AsyncStream<Change>.Continuation?
        /// The receipts of changes in progress.
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

    /// Replaces the streams, and returns when the run, if there is one, has applied the change.
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

    /// Begins a run. Returns its streams as the first change, then every later change.
    /// - Parameter positions: the last known trade of each stream.
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

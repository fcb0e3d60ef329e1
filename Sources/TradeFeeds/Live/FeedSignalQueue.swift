import NIOCore
import Synchronization

/// The bounded queue between the event loops of a feed's connections and its one consumer.
///
/// Above the high watermark, every connection that adds a signal stops reading its socket until the consumer has
/// processed enough.
final class FeedSignalQueue: NIOAsyncSequenceProducerDelegate {
    typealias Strategy = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark
    typealias Sequence = NIOAsyncSequenceProducer<FeedSignal, Strategy, FeedSignalQueue>

    private struct State {
        var source: Sequence.Source?
        var resumptions: [Int: @Sendable () -> Void] = [:]
        var registrations = 0
        var isTickQueued = false
    }

    private let state = Mutex(State())

    private init() {}

    /// A queue and the sequence of its signals, for exactly one consumer.
    static func make() -> (FeedSignalQueue, Sequence) {
        let queue = FeedSignalQueue()
        let parts = Sequence.makeSequence(
            elementType: FeedSignal.self,
            backPressureStrategy: Strategy(lowWatermark: 4, highWatermark: 16),
            finishOnDeinit: true,
            delegate: queue
        )
        queue.state.withLock { $0.source = parts.source }
        return (queue, parts.sequence)
    }

    /// Adds a signal. When it returns false, the caller must stop reading until its resumption is called.
    @discardableResult
    func offer(_ signal: FeedSignal) -> Bool {
        guard let source = state.withLock({ $0.source }) else { return true }
        return source.yield(signal) != .stopProducing
    }

    /// Adds a tick unless one is still waiting: a slow consumer needs only the latest state of the clock.
    func offerTick(_ instant: ContinuousClock.Instant) {
        let isFirst = state.withLock { state in
            defer { state.isTickQueued = true }
            return !state.isTickQueued
        }
        if isFirst { offer(.tick(instant)) }
    }

    func tickProcessed() {
        state.withLock { $0.isTickQueued = false }
    }

    /// Registers a function that resumes reading of a connection, and returns the number for ``unregister(_:)``.
    func register(resumption: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.registrations += 1
            state.resumptions[state.registrations] = resumption
            return state.registrations
        }
    }

    func unregister(_ registration: Int) {
        state.withLock { $0.resumptions[registration] = nil }
    }

    func produceMore() {
        let resumptions = state.withLock { Array($0.resumptions.values) }
        for resume in resumptions { resume() }
    }

    func didTerminate() {
        state.withLock {
            $0.source = nil
            $0.resumptions = [:]
        }
    }
}

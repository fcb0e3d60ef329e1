import Logging
import MarketData
import NIOSSL
import Synchronization

/// The state and services that the parts of a running live feed share.
struct LiveFeedShared<Adapter: VenueAdapter>: Sendable {
    let adapter: Adapter
    let configuration: LiveFeedConfiguration
    let tls: NIOSSLContext?
    let streams: StreamDirectory
    let client: VenueClient
    let counters: FeedCounters
    let activity: StreamActivity
    let queue: FeedSignalQueue
    let register: StreamRegister<Adapter>
    let logger: Logger

    /// The name of a stream in the log.
    func name(of stream: InstrumentID) -> String {
        streams[stream].map { "\($0)" } ?? "?"
    }

    /// Delivers events in order, and returns when they have been processed.
    func deliver(_ events: [FeedEvent]) async throws {
        let (receipts, receipt) = AsyncStream.makeStream(of: Void.self)
        queue.offer(.found(events, receipt: receipt))
        for await _ in receipts {}
        try Task.checkCancellation()
    }
}

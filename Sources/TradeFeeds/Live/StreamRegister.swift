import Logging
import MarketData
import Synchronization

/// The roster of a running feed, which its connections and trials share, and what follows from a refusal.
struct StreamRegister<Adapter: VenueAdapter>: Sendable {
    private final class Box: Sendable {
        let roster = Mutex(StreamRoster())
        /// Streams of instruments that the venue's REST interface does not have.
        let denied = Mutex<Set<InstrumentID>>([])
    }

    private let box = Box()
    private let keepers: [AsyncStream<KeeperEvent>.Continuation]

    /// - Parameter keepers: the events of each part's keeper.
    init(keepers: [AsyncStream<KeeperEvent>.Continuation]) {
        self.keepers = keepers
    }

    /// Those of some streams that connections ask for.
    func followed(of streams: [InstrumentID]) -> [InstrumentID] {
        box.roster.withLock { roster in streams.filter { roster.isFollowed($0) } }
    }

    func isRefused(_ stream: InstrumentID) -> Bool {
        box.roster.withLock { $0.isRefused(stream) }
    }

    /// Records that the venue's REST interface has no such instrument; false where that is known. The stream stays asked
    /// for: a venue that says nothing on the socket sends it once the instrument is listed.
    func deny(_ stream: InstrumentID) -> Bool {
        box.denied.withLock { $0.insert(stream).inserted }
    }

    /// Records that the venue has the instrument; false where that is known.
    func admit(_ stream: InstrumentID) -> Bool {
        box.denied.withLock { $0.remove(stream) != nil }
    }

    func beginTrial() -> [InstrumentID]? {
        box.roster.withLock { $0.beginTrial(at: .now) }
    }

    func abandonTrial() {
        box.roster.withLock { $0.abandonTrial(at: .now) }
    }

    /// Removes streams that the venue refuses; where it is not clear which, they are tried on a connection of their own.
    func settle(_ refusal: SubscriptionRefusal, _ shared: LiveFeedShared<Adapter>) async throws {
        guard refusal.isNamed || refusal.streams.count == 1 else {
            box.roster.withLock { $0.suspect(refusal.streams) }
            shared.logger.warning(
                "the venue refuses a request without naming a stream, trying them apart",
                metadata: ["streams": .stringConvertible(refusal.streams.count), "words": "\(refusal.words)"]
            )
            return try await shared.hand([.streams(refusal.streams, .waiting)])
        }
        let fresh = box.roster.withLock { $0.refuse(refusal.streams, isNamed: refusal.isNamed, at: .now) }
        for stream in fresh {
            shared.logger.warning(
                "the venue refuses a stream, going on without it",
                metadata: ["stream": "\(shared.name(of: stream))", "words": "\(refusal.words)"]
            )
        }
        try await shared.hand([.streams(refusal.streams, .refused)])
    }

    /// Puts streams back that the venue accepts.
    func accept(_ streams: [InstrumentID], _ shared: LiveFeedShared<Adapter>) async throws {
        let returned = box.roster.withLock { $0.accept(streams, at: .now) }
        for stream in returned {
            shared.logger.info(
                "the venue accepts a stream that it had refused",
                metadata: ["stream": "\(shared.name(of: stream))"]
            )
        }
        for keeper in keepers { keeper.yield(.follow) }
        if !returned.isEmpty { try await shared.hand([.streams(returned, .listed)]) }
    }
}

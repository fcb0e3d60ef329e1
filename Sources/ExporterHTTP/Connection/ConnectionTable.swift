import NIOCore
import Synchronization

/// The open connections, limited in total and for each address.
///
/// A new connection is always accepted, so that a health check is answered whatever other clients do. Beyond a limit
/// another one is closed: one of the same address, or, where the table is full, of the address with the most
/// connections. The order: first a client that does not read the response, then an idle one, then one that sends its
/// request slowly, then the one that has waited longest for a response.
final class ConnectionTable: Sendable {
    private struct Entry {
        let channel: any Channel
        let client: Client
        var activity = ConnectionActivity.idle
        var since: NIODeadline
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var counts: [String: Int] = [:]
        /// The greatest number of connections since memory was last returned.
        var peak = 0

        mutating func remove(_ id: ObjectIdentifier) -> Entry? {
            guard let entry = entries.removeValue(forKey: id) else { return nil }
            let address = entry.client.address
            counts[address] = counts[address].flatMap { $0 > 1 ? $0 - 1 : nil }
            return entry
        }
    }

    /// The number of connections after which memory is returned once most of them have closed.
    private static let releaseThreshold = 100
    /// How long an activity may last before its connection counts as slow.
    private static let slowAfter = TimeAmount.seconds(1)

    private let limit: Int
    private let limitOfAddress: Int
    private let state = Mutex(State())

    init(limit: Int, limitOfAddress: Int = .max) {
        self.limit = limit
        self.limitOfAddress = limitOfAddress
    }

    /// How many are open.
    var count: Int { state.withLock { $0.entries.count } }

    /// The client of a connection.
    func client(of channel: any Channel) -> Client {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.client } ?? Client(channel)
    }

    /// Adds a new connection; closes another one above the limits.
    func add(_ channel: any Channel, now: NIODeadline = .now()) {
        let client = Client(channel)
        let excess = state.withLock { state -> Entry? in
            var excess: Entry?
            if state.counts[client.address, default: 0] >= limitOfAddress {
                excess = Self.removeExcess(amongst: [client.address], &state, now)
            } else if state.entries.count >= limit, let most = state.counts.values.max() {
                excess = Self.removeExcess(amongst: Set(state.counts.filter { $0.value == most }.keys), &state, now)
            }
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, client: client, since: now)
            state.counts[client.address, default: 0] += 1
            state.peak = max(state.peak, state.entries.count)
            return excess
        }
        channel.closeFuture.whenComplete { [weak self] _ in self?.remove(channel) }
        excess?.client.leave()
        if let excess { Self.close(excess.channel) }
    }

    /// Closes every connection at once.
    func closeAll() {
        for entry in state.withLock({ Array($0.entries.values) }) { Self.close(entry.channel) }
    }

    /// Closes a connection at once.
    ///
    /// A close through the pipeline waits up to five seconds for a TLS client to confirm, with the file open. Clients
    /// that never confirm would use up the files of the process.
    private static func close(_ channel: any Channel) {
        guard channel.eventLoop.inEventLoop else { return channel.eventLoop.execute { close(channel) } }
        guard let first = try? channel.pipeline.syncOperations.context(handlerType: InboundByteCounter.self) else {
            return channel.close(promise: nil)
        }
        first.close(promise: nil)
    }

    /// Records the activity of a connection, or that the client has read a part of a response.
    func record(_ channel: any Channel, _ activity: ConnectionActivity) {
        let now = NIODeadline.now()
        state.withLock { state in
            state.entries[ObjectIdentifier(channel)]?.activity = activity
            state.entries[ObjectIdentifier(channel)]?.since = now
        }
    }

    private func remove(_ channel: any Channel) {
        let (entry, hasShrunk) = state.withLock { state in
            let entry = state.remove(ObjectIdentifier(channel))
            let hasShrunk = state.peak >= Self.releaseThreshold && state.entries.count <= state.peak / 4
            if hasShrunk { state.peak = state.entries.count }
            return (entry, hasShrunk)
        }
        entry?.client.leave()
        // The memory of the last connections is freed a little later.
        if hasShrunk { ServingThreads.documents.scheduleTask(in: .seconds(1)) { FreeMemory.release() } }
    }

    private static func removeExcess(
        amongst addresses: Set<String>,
        _ state: inout State,
        _ now: NIODeadline
    ) -> Entry? {
        var first: (id: ObjectIdentifier, rank: Int, since: NIODeadline)?
        for (id, entry) in state.entries {
            let rank = rank(entry, now)
            if let first, (first.rank, first.since) <= (rank, entry.since) { continue }
            // Checked last, because it costs most.
            guard addresses.contains(entry.client.address) else { continue }
            first = (id, rank, entry.since)
        }
        return first.flatMap { state.remove($0.id) }
    }

    private static func rank(_ entry: Entry, _ now: NIODeadline) -> Int {
        let isRecent = now - entry.since < slowAfter
        return switch entry.activity {
        case .writing: isRecent ? 5 : 0
        case .idle: isRecent ? 4 : 1
        case .reading: isRecent ? 4 : 2
        case .answering: isRecent ? 5 : 3
        }
    }
}

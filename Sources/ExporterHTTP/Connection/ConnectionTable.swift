import NIOCore
import Synchronization

/// The open connections, limited in total and for each address.
///
/// A new one is always let in, so that a health check is answered whatever others do. Beyond a limit another one is
/// closed for it: of the same address, or of the address with the most connections where the table is full; first who
/// does not read the answer, then who is idle, then who is slow to ask, then who has waited longest for an answer.
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
        /// The most connections since memory was last given back.
        var peak = 0

        mutating func remove(_ id: ObjectIdentifier) -> Entry? {
            guard let entry = entries.removeValue(forKey: id) else { return nil }
            let address = entry.client.address
            counts[address] = counts[address].flatMap { $0 > 1 ? $0 - 1 : nil }
            return entry
        }
    }

    /// The number of connections after which memory is returned once most of them have closed.
    private static let crowd = 100
    /// How long a connection is in no hurry.
    private static let grace = TimeAmount.seconds(1)

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

    /// Adds a new connection; closes another one where there are too many.
    func add(_ channel: any Channel, now: NIODeadline = .now()) {
        let client = Client(channel)
        let excess = state.withLock { state -> Entry? in
            var excess: Entry?
            if state.counts[client.address, default: 0] >= limitOfAddress {
                excess = Self.victim(amongst: [client.address], &state, now)
            } else if state.entries.count >= limit, let most = state.counts.values.max() {
                excess = Self.victim(amongst: Set(state.counts.filter { $0.value == most }.keys), &state, now)
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
    /// A close through the whole pipeline waits up to five seconds for a TLS client to agree, with the file open
    /// meanwhile: clients that never agree would use up the files of the process.
    private static func close(_ channel: any Channel) {
        guard channel.eventLoop.inEventLoop else { return channel.eventLoop.execute { close(channel) } }
        guard let first = try? channel.pipeline.syncOperations.context(handlerType: InboundByteCounter.self) else {
            return channel.close(promise: nil)
        }
        first.close(promise: nil)
    }

    /// Notes what happens on a connection from now on, or that the client has read a part of an answer.
    func note(_ channel: any Channel, _ activity: ConnectionActivity) {
        let now = NIODeadline.now()
        state.withLock { state in
            state.entries[ObjectIdentifier(channel)]?.activity = activity
            state.entries[ObjectIdentifier(channel)]?.since = now
        }
    }

    private func remove(_ channel: any Channel) {
        let (entry, hasCrowdLeft) = state.withLock { state in
            let entry = state.remove(ObjectIdentifier(channel))
            let hasCrowdLeft = state.peak >= Self.crowd && state.entries.count <= state.peak / 4
            if hasCrowdLeft { state.peak = state.entries.count }
            return (entry, hasCrowdLeft)
        }
        entry?.client.leave()
        // What the last of them held is freed a little later.
        if hasCrowdLeft { ServingThreads.documents.scheduleTask(in: .seconds(1)) { FreeMemory.release() } }
    }

    private static func victim(
        amongst addresses: Set<String>,
        _ state: inout State,
        _ now: NIODeadline
    ) -> Entry? {
        var first: (id: ObjectIdentifier, rank: Int, since: NIODeadline)?
        for (id, entry) in state.entries {
            let rank = rank(entry, now)
            if let first, (first.rank, first.since) <= (rank, entry.since) { continue }
            // Last, because it costs most.
            guard addresses.contains(entry.client.address) else { continue }
            first = (id, rank, entry.since)
        }
        return first.flatMap { state.remove($0.id) }
    }

    private static func rank(_ entry: Entry, _ now: NIODeadline) -> Int {
        let isYoung = now - entry.since < grace
        return switch entry.activity {
        case .writing: isYoung ? 5 : 0
        case .idle: isYoung ? 4 : 1
        case .reading: isYoung ? 4 : 2
        case .answering: isYoung ? 5 : 3
        }
    }
}

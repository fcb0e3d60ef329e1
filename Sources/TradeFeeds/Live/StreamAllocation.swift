import MarketData

/// Assigns the streams of a feed to parts; a part is the set of streams of one connection.
///
/// A stream stays in its part while it is followed, so that a change of some streams does not interrupt others.
struct StreamAllocation: Sendable {
    /// The effects of a change of the streams on the parts.
    struct Change: Hashable, Sendable {
        /// Streams that were not followed before.
        var added: [InstrumentID] = []
        /// Streams that are not followed after it.
        var removed: [InstrumentID] = []
        var openedParts: [Int] = []
        /// Parts that continue with other streams.
        var changedParts: [Int] = []
        /// Parts without a stream; their numbers are not used again.
        var closedParts: [Int] = []
    }

    private let capacity: Int
    private var nextPart = 0
    private var partsByStream: [InstrumentID: Int] = [:]
    /// The streams of each part, sorted.
    private(set) var parts: [Int: [InstrumentID]] = [:]

    /// - Parameter capacity: the most streams of a part.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    func contains(_ stream: InstrumentID) -> Bool { partsByStream[stream] != nil }

    /// Follows these streams and no others. Added streams fill parts below their capacity first, then new parts.
    mutating func update(to streams: Set<InstrumentID>) -> Change {
        var change = Change()
        change.removed = partsByStream.keys.filter { !streams.contains($0) }.sorted()
        change.added = streams.filter { partsByStream[$0] == nil }.sorted()
        var changed: Set<Int> = []
        for stream in change.removed {
            guard let part = partsByStream.removeValue(forKey: stream) else { continue }
            parts[part]?.removeAll { $0 == stream }
            changed.insert(part)
        }
        var rest = change.added[...]
        for part in parts.keys.sorted() where !rest.isEmpty {
            let room = capacity - (parts[part]?.count ?? 0)
            guard room > 0 else { continue }
            place(rest.prefix(room), on: part)
            changed.insert(part)
            rest = rest.dropFirst(room)
        }
        while !rest.isEmpty {
            place(rest.prefix(capacity), on: nextPart)
            change.openedParts.append(nextPart)
            nextPart += 1
            rest = rest.dropFirst(capacity)
        }
        change.closedParts = parts.filter { $0.value.isEmpty }.keys.sorted()
        for part in change.closedParts { parts[part] = nil }
        change.changedParts = changed.subtracting(change.closedParts).sorted()
        return change
    }

    private mutating func place(_ streams: some Collection<InstrumentID>, on part: Int) {
        for stream in streams { partsByStream[stream] = part }
        parts[part] = ((parts[part] ?? []) + streams).sorted()
    }
}

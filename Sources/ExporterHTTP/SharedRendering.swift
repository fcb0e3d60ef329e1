import Hummingbird
import NIOCore
import PrometheusExposition

/// The latest rendering of each key, made once for all clients that wait for it.
///
/// A client receives a rendering that began after its request, unless rendering has used more than a tenth of one core
/// recently: then clients share the latest rendering, which is at most a second old, so that many clients do not slow
/// the market down.
actor SharedRendering<Key: Hashable & Sendable> {
    /// Seconds of rendering that may be spent at once.
    private static var burst: Double { 0.1 }
    /// Seconds of rendering per second.
    private static var share: Double { 0.1 }

    private struct Entry {
        let start: ContinuousClock.Instant
        let rendering: Rendering
        var compressed: ByteBuffer?
    }

    private let thread: any EventLoop
    private let capacity: Int
    private let maximumAge: Duration
    private let render: @Sendable (Key) throws -> Rendering
    private let clock = ContinuousClock()
    private var entries: [Key: Entry] = [:]
    private var budget = SharedRendering.burst
    private var budgetTime: ContinuousClock.Instant?

    /// How many renderings and compressions were made, for tests.
    private(set) var renderings = 0
    private(set) var compressions = 0
    /// How many renderings are kept, for tests.
    var count: Int { entries.count }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - thread: where rendering is done.
    ///   - capacity: how many keys are kept; above it, the oldest rendering is dropped.
    ///   - maximumAge: how long a rendering is kept and may be shared.
    init(
        on thread: any EventLoop,
        capacity: Int = 8,
        maximumAge: Duration = .seconds(1),
        _ render: @escaping @Sendable (Key) throws -> Rendering
    ) {
        self.thread = thread
        self.capacity = capacity
        self.maximumAge = maximumAge
        self.render = render
    }

    /// A complete body, or one of its parts; nil where there is no such part.
    /// - Parameter arrival: when the request was parsed.
    func body(
        _ key: Key,
        _ coding: ContentCoding,
        part: String? = nil,
        arrival: ContinuousClock.Instant
    ) throws -> ByteBuffer? {
        // The client may have left while others were served.
        try Task.checkCancellation()
        let start = clock.now
        replenish(until: start)
        defer { budget -= (clock.now - start) / .seconds(1) }
        var entry = try entry(key, arrival: arrival, now: start)
        if let part {
            guard let plain = entry.rendering.part(part) else { return nil }
            return coding == .gzip ? try Self.compressed(plain) : plain
        }
        guard coding == .gzip else { return entry.rendering.body }
        if let compressed = entry.compressed { return compressed }
        compressions += 1
        let compressed = try Self.compressed(entry.rendering.body)
        entry.compressed = compressed
        entries[key] = entry
        return compressed
    }

    private static func compressed(_ body: ByteBuffer) throws -> ByteBuffer {
        ByteBuffer(bytes: try Gzip.compress(Array(body.readableBytesView)))
    }

    private func entry(
        _ key: Key,
        arrival: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) throws -> Entry {
        if let entry = entries[key] {
            let isNewEnough = entry.start >= arrival
            let isOverBudget = budget <= 0 && now - entry.start < maximumAge
            if isNewEnough || isOverBudget { return entry }
        }
        renderings += 1
        let entry = Entry(start: now, rendering: try render(key))
        if entries[key] == nil, entries.count >= capacity {
            if let oldest = entries.min(by: { $0.value.start < $1.value.start }) { entries[oldest.key] = nil }
        }
        entries[key] = entry
        Task { [weak self, maximumAge] in
            try? await Task.sleep(for: maximumAge)
            await self?.drop(key, from: now)
        }
        return entry
    }

    /// Frees a rendering that is too old for every later request.
    private func drop(_ key: Key, from start: ContinuousClock.Instant) {
        if entries[key]?.start == start { entries[key] = nil }
    }

    private func replenish(until now: ContinuousClock.Instant) {
        let elapsed = budgetTime.map { (now - $0) / .seconds(1) } ?? 0
        budget = min(Self.burst, budget + elapsed * Self.share)
        budgetTime = now
    }
}

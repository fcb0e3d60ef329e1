import Hummingbird
import PrometheusExposition

/// The latest exposition in each format, rendered once for all scrapers that wait for it.
///
/// A scraper gets what was rendered after it asked, unless rendering has taken more than a tenth of one core lately:
/// then scrapers share the latest rendering, which is at most a second old, so that a crowd costs the market nothing.
actor SharedRendering {
    /// Seconds of rendering that may be spent at once.
    private static let burst = 0.1
    /// Seconds of rendering per second.
    private static let share = 0.1
    private static let maximumAge = Duration.seconds(1)

    private struct Entry {
        let start: ContinuousClock.Instant
        let body: ByteBuffer
        var compressed: ByteBuffer?
    }

    private let render: @Sendable (ExpositionFormat, Set<String>?) throws -> [UInt8]
    private let clock = ContinuousClock()
    private var entries: [ExpositionFormat.Encoding: Entry] = [:]
    private var budget = SharedRendering.burst
    private var budgetTime: ContinuousClock.Instant?

    /// How many renderings and compressions were made, for tests.
    private(set) var renderings = 0
    private(set) var compressions = 0

    init(_ render: @escaping @Sendable (ExpositionFormat, Set<String>?) throws -> [UInt8]) {
        self.render = render
    }

    /// The body of a scrape.
    /// - Parameters:
    ///   - names: the families asked for; nil for all, and only those are shared.
    ///   - arrival: when the request was understood.
    func body(
        _ format: ExpositionFormat,
        _ names: Set<String>?,
        _ coding: ContentCoding,
        arrival: ContinuousClock.Instant
    ) throws -> ByteBuffer {
        let start = clock.now
        replenish(until: start)
        defer { budget -= (clock.now - start) / .seconds(1) }
        if let names {
            let plain = try render(format, names)
            return ByteBuffer(bytes: coding == .gzip ? try Gzip.compress(plain) : plain)
        }
        var entry = try entry(format, arrival: arrival, now: start)
        guard coding == .gzip else { return entry.body }
        if let compressed = entry.compressed { return compressed }
        compressions += 1
        let compressed = ByteBuffer(bytes: try Gzip.compress(Array(entry.body.readableBytesView)))
        entry.compressed = compressed
        entries[format.encoding] = entry
        return compressed
    }

    private func entry(
        _ format: ExpositionFormat,
        arrival: ContinuousClock.Instant,
        now: ContinuousClock.Instant
    ) throws -> Entry {
        if let entry = entries[format.encoding] {
            let isNewEnough = entry.start >= arrival
            let isCrowded = budget <= 0 && now - entry.start < Self.maximumAge
            if isNewEnough || isCrowded { return entry }
        }
        renderings += 1
        let plain = try render(format, nil)
        let entry = Entry(start: now, body: ByteBuffer(bytes: plain))
        entries[format.encoding] = entry
        return entry
    }

    private func replenish(until now: ContinuousClock.Instant) {
        let elapsed = budgetTime.map { (now - $0) / .seconds(1) } ?? 0
        budget = min(Self.burst, budget + elapsed * Self.share)
        budgetTime = now
    }
}

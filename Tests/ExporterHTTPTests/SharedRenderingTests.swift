import NIOCore
import PrometheusExposition
import Synchronization
import Testing

@testable import ExporterHTTP

@Suite struct SharedRenderingTests {
    /// A rendering that tells how many there were before it, and takes a while where that is wanted.
    private final class Source: Sendable {
        let count = Atomic<Int>(0)
        let cost: Duration

        init(cost: Duration = .zero) {
            self.cost = cost
        }

        @Sendable func render(_ format: ExpositionFormat, _ names: Set<String>?) -> [UInt8] {
            let number = count.add(1, ordering: .relaxed).oldValue
            let clock = ContinuousClock()
            let end = clock.now + cost
            while clock.now < end {}
            return Array("\(number) \(format.encoding) \(names.map { $0.sorted() } ?? [])".utf8)
        }
    }

    private func text(
        _ rendering: SharedRendering,
        _ format: ExpositionFormat = .text,
        _ names: Set<String>? = nil,
        arrival: ContinuousClock.Instant = .now
    ) async throws -> String {
        String(buffer: try await rendering.body(format, names, .identity, arrival: arrival))
    }

    @Test("who asks after a rendering gets a new one")
    func fresh() async throws {
        let rendering = SharedRendering(Source().render)
        #expect(try await text(rendering) == "0 text []")
        #expect(try await text(rendering) == "1 text []")
    }

    @Test("who asked before a rendering began shares it, once plain and once compressed")
    func shared() async throws {
        let rendering = SharedRendering(Source().render)
        let arrival = ContinuousClock.now
        for _ in 0..<100 {
            #expect(try await text(rendering, arrival: arrival) == "0 text []")
            let compressed = try await rendering.body(.text, nil, .gzip, arrival: arrival)
            #expect(Array(compressed.readableBytesView) == (try Gzip.compress(Array("0 text []".utf8))))
        }
        #expect(await rendering.renderings == 1)
        #expect(await rendering.compressions == 1)
    }

    @Test("formats are rendered apart, and chosen families are not shared")
    func apart() async throws {
        let rendering = SharedRendering(Source().render)
        let arrival = ContinuousClock.now
        #expect(try await text(rendering, .text, arrival: arrival) == "0 text []")
        #expect(try await text(rendering, .openMetrics, arrival: arrival) == "1 openMetrics []")
        #expect(try await text(rendering, .text, ["a"], arrival: arrival) == #"2 text ["a"]"#)
        #expect(try await text(rendering, .text, ["b"], arrival: arrival) == #"3 text ["b"]"#)
        #expect(try await text(rendering, .text, arrival: arrival) == "0 text []")
    }

    @Test("a crowd shares what a tenth of one core can render")
    func crowd() async throws {
        let source = Source(cost: .milliseconds(30))
        let rendering = SharedRendering(source.render)
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<200 { _ = try await text(rendering) }
        let seconds = (clock.now - start) / .seconds(1)
        // What is spent at once, what is replenished, the last one that was begun with budget left, and one a second.
        let most = (0.1 + 0.1 * seconds) / 0.03 + 2 + seconds
        #expect(Double(source.count.load(ordering: .relaxed)) <= most)
    }

    @Test("a rendering that fails is told to who asked, and tried again by the next")
    func failure() async throws {
        let isBroken = Atomic<Bool>(true)
        let rendering = SharedRendering { _, _ in
            if isBroken.load(ordering: .relaxed) { throw MetricsError.unknownFamily(name: "demo") }
            return [1]
        }
        await #expect(throws: MetricsError.self) { try await rendering.body(.text, nil, .gzip, arrival: .now) }
        isBroken.store(false, ordering: .relaxed)
        #expect(try await rendering.body(.text, nil, .identity, arrival: .now).readableBytes == 1)
    }
}

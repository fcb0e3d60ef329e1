import NIOCore
import NIOPosix
import PrometheusExposition
import Synchronization
import Testing

@testable import ExporterHTTP

@Suite struct SharedRenderingTests {
    private static let thread = MultiThreadedEventLoopGroup.singleton.next()

    /// A rendering with the number of earlier ones as its text, optionally slow.
    private final class Source: Sendable {
        let count = Atomic<Int>(0)
        let cost: Duration

        init(cost: Duration = .zero) {
            self.cost = cost
        }

        @Sendable func render(_ key: String) -> Rendering {
            let number = count.add(1, ordering: .relaxed).oldValue
            let clock = ContinuousClock()
            let end = clock.now + cost
            while clock.now < end {}
            return Rendering(Array("\(number) \(key)".utf8), parts: ["number": 0..<1])
        }
    }

    private func text(
        _ rendering: SharedRendering<String>,
        _ key: String = "a",
        part: String? = nil,
        arrival: ContinuousClock.Instant = .now
    ) async throws -> String? {
        let body = try await rendering.body(key, .identity, part: part, arrival: arrival)
        return body.map { String(buffer: $0) }
    }

    @Test("a request after a rendering gets a new one")
    func fresh() async throws {
        let rendering = SharedRendering(on: Self.thread, Source().render)
        #expect(try await text(rendering) == "0 a")
        #expect(try await text(rendering) == "1 a")
    }

    @Test("requests before a rendering began share it, once plain and once compressed")
    func shared() async throws {
        let rendering = SharedRendering(on: Self.thread, maximumAge: .seconds(60), Source().render)
        let arrival = ContinuousClock.now
        for _ in 0..<100 {
            #expect(try await text(rendering, arrival: arrival) == "0 a")
            let compressed = try #require(await rendering.body("a", .gzip, arrival: arrival))
            #expect(Array(compressed.readableBytesView) == (try Gzip.compress(Array("0 a".utf8))))
        }
        #expect(await rendering.renderings == 1)
        #expect(await rendering.compressions == 1)
    }

    @Test("keys are rendered separately, and above the capacity the oldest is dropped")
    func apart() async throws {
        let rendering = SharedRendering(on: Self.thread, capacity: 2, maximumAge: .seconds(60), Source().render)
        let arrival = ContinuousClock.now
        #expect(try await text(rendering, "a", arrival: arrival) == "0 a")
        #expect(try await text(rendering, "b", arrival: arrival) == "1 b")
        #expect(try await text(rendering, "c", arrival: arrival) == "2 c")
        #expect(try await text(rendering, "b", arrival: arrival) == "1 b")
        #expect(try await text(rendering, "a", arrival: arrival) == "3 a")
    }

    @Test("a rendering that is too old for every request is freed")
    func tooOld() async throws {
        let rendering = SharedRendering(on: Self.thread, maximumAge: .milliseconds(1), Source().render)
        #expect(try await text(rendering, "a") == "0 a")
        let end = ContinuousClock.now + .seconds(60)
        while await rendering.count > 0, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(20)) }
        #expect(await rendering.count == 0)
        #expect(try await text(rendering, "a") == "1 a")
    }

    @Test("a part is a range of the shared rendering")
    func parts() async throws {
        let rendering = SharedRendering(on: Self.thread, maximumAge: .seconds(60), Source().render)
        let arrival = ContinuousClock.now
        #expect(try await text(rendering, part: "number", arrival: arrival) == "0")
        #expect(try await text(rendering, part: "none", arrival: arrival) == nil)
        #expect(await rendering.renderings == 1)
    }

    @Test("many clients share what a tenth of one core can render")
    func manyClients() async throws {
        let source = Source(cost: .milliseconds(30))
        let rendering = SharedRendering(on: Self.thread, source.render)
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<200 { _ = try await text(rendering) }
        let seconds = (clock.now - start) / .seconds(1)
        // The initial budget, the replenished one, the last one that began with budget left, and one a second.
        let most = (0.1 + 0.1 * seconds) / 0.03 + 2 + seconds
        #expect(Double(source.count.load(ordering: .relaxed)) <= most)
    }

    @Test("a failed rendering fails its request, and the next request renders again")
    func failure() async throws {
        let isBroken = Atomic<Bool>(true)
        let rendering = SharedRendering<String>(on: Self.thread) { _ in
            if isBroken.load(ordering: .relaxed) { throw MetricsError.unknownFamily(name: "demo") }
            return Rendering([1])
        }
        await #expect(throws: MetricsError.self) { try await rendering.body("a", .gzip, arrival: .now) }
        isBroken.store(false, ordering: .relaxed)
        #expect(try await rendering.body("a", .identity, arrival: .now)?.readableBytes == 1)
    }
}

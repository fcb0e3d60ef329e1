import Testing

@testable import PairEngine

@Suite struct RollingCountTests {
    @Test("The count is that of the last flags", arguments: [1, 2, 7])
    func counts(capacity: Int) {
        var generator = SeededGenerator(seed: capacity)
        let flags = (0..<100).map { _ in Bool.random(using: &generator) }
        var rolling = RollingCount(capacity: capacity)
        for end in flags.indices {
            rolling.append(flags[end])
            #expect(rolling.count == flags[...end].suffix(capacity).count { $0 })
        }
    }
}

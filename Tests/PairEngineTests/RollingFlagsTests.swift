import TestSupport
import Testing

@testable import PairEngine

@Suite struct RollingFlagsTests {
    @Test("The counts are those of the last flags", arguments: [1, 2, 7])
    func counts(capacity: Int) {
        var generator = SeededRandom(seed: capacity)
        var flags = (0..<100).map { _ in SlotFlags(rawValue: UInt8.random(in: 0...3, using: &generator)) }
        var rolling = RollingFlags(capacity: capacity)
        for end in flags.indices {
            rolling.append(flags[end])
            let back = Int.random(in: 0...9, using: &generator)
            if back <= end {
                flags[end - back] = .lost
                rolling.set(.lost, slotsBack: back)
            }
            let window = flags[...end].suffix(capacity)
            #expect(rolling.carriedCount == window.count { $0.contains(.carried) })
            #expect(rolling.lostCount == window.count { $0.contains(.lost) })
        }
    }
}

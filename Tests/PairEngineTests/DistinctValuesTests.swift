import TestSupport
import Testing

@testable import PairEngine
@testable import PairStatistics

@Suite struct DistinctValuesTests {
    @Test("The result is kept between counts and equals that of a new count", arguments: [7, 60, 240])
    func sameAsLooking(capacity: Int) {
        var generator = SeededRandom(seed: capacity)
        var window = RollingPairWindow(capacity: capacity)
        var values = DistinctValues()
        var verdicts: Set<Bool> = []
        var (x, y) = (0, 0)
        for bar in 0..<(20 * capacity) {
            // Stretches of wide and of narrow prices, and bars without a value.
            let reach = (bar / (2 * capacity)).isMultiple(of: 2) ? 40 : 2
            x = min(max(x + Int.random(in: -1...1, using: &generator), -reach), reach)
            y = min(max(y + Int.random(in: -1...1, using: &generator), -reach), reach)
            let isGap = Int.random(in: 0..<20, using: &generator) == 0
            window.append(x: isGap ? .nan : Double(x), y: Double(y))
            window.withSlots { values.update(window.moments, of: $0) }
            if bar.isMultiple(of: 97) {
                window.revise(slotsBack: capacity / 2, x: Double(x), y: 0)
                window.withSlots { values.recount(window.moments, of: $0) }
            }
            var fresh = DistinctValues()
            window.withSlots { fresh.recount(window.moments, of: $0) }
            #expect(values.areTooFew == fresh.areTooFew)
            verdicts.insert(fresh.areTooFew)
        }
        #expect(capacity < 60 || verdicts.count == 2)
    }
}

import Testing

@testable import PairEngine

@Suite struct PassHistoryTests {
    @Test("Below five tests there is no share, and beyond twenty the oldest go")
    func counts() {
        var history = PassHistory(window: 20, interval: 1)
        for slot in 1...Int64(30) {
            history.record(passed: slot > 10, slot: slot)
            let recent = max(1, slot - 19)...slot
            #expect(history.ratio == (slot < 5 ? nil : Double(recent.count { $0 > 10 }) / Double(recent.count)))
        }
        #expect(history.ratio == 1)
    }

    @Test(
        "Tests closer than a twentieth of the window are not counted",
        arguments: [(240, 12, 12), (240, 5, 15), (240, 1, 12), (60, 5, 5), (10, 1, 1), (59, 1, 2), (60, 100, 100)]
    )
    func distance(window: Int, interval: Int, step: Int) {
        #expect(PassHistory.span(window: window, interval: interval) == 20 * step)
        var counted: [Int64] = []
        for slot in Int64(1)...Int64(20 * step) {
            // Four failures before it: the ratio tells whether this one was taken.
            var history = PassHistory(window: window, interval: interval)
            for earlier in -4...(-1) { history.record(passed: false, slot: Int64(earlier * step)) }
            history.record(passed: true, slot: slot)
            if slot.isMultiple(of: Int64(interval)), history.ratio != nil { counted.append(slot) }
        }
        #expect(counted == (1...20).map { Int64($0 * step) })
    }

    @Test("A test that comes back twice, or after a newer one, is not counted")
    func outOfOrder() {
        var history = PassHistory(window: 20, interval: 1)
        for slot in [1, 2, 3, 5, 5, 4, 3] as [Int64] { history.record(passed: true, slot: slot) }
        #expect(history.ratio == nil)
        history.record(passed: false, slot: 6)
        #expect(history.ratio == 0.8)
    }
}

/// The share of recent cointegration tests that passed: one test that has just turned green proves little.
struct PassHistory: Sendable {
    /// How many tests are remembered.
    static let capacity = 20
    /// Below this many there is no share.
    static let minimumCount = 5

    private let step: Int64
    private var lastSlot = Int64.min
    private var passes: [Bool] = []

    /// Remembers tests at least a twentieth of the window apart: closer ones see nearly the same data.
    init(window: Int, interval: Int) {
        step = Int64(Self.step(window: window, interval: interval))
    }

    /// Bars that so many tests span.
    static func span(of tests: Int = capacity, window: Int, interval: Int) -> Int {
        tests * step(window: window, interval: interval)
    }

    /// Takes a test; only those on the grid of steps count, so that a restart remembers the same ones.
    /// - Returns: the number of the test on that grid, nil when it does not count.
    @discardableResult
    mutating func record(passed: Bool, slot: Int64) -> Int64? {
        guard slot > lastSlot, slot.isMultiple(of: step) else { return nil }
        lastSlot = slot
        if passes.count == Self.capacity { passes.removeFirst() }
        passes.append(passed)
        return slot / step
    }

    /// Passes over tests remembered, nil while there are too few.
    var ratio: Double? {
        guard passes.count >= Self.minimumCount else { return nil }
        return Double(passes.count { $0 }) / Double(passes.count)
    }

    /// The multiple of the tests' interval that is not below a twentieth of the window.
    private static func step(window: Int, interval: Int) -> Int {
        let distance = max(1, window / 20)
        return (distance + interval - 1) / interval * interval
    }
}

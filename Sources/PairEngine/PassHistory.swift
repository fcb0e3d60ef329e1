/// The share of recent cointegration tests that passed: one test that has just turned green proves little.
struct PassHistory: Sendable {
    /// How many tests are remembered.
    static let capacity = 20
    /// Below this many there is no share.
    static let minimumCount = 5

    private let minimumDistance: Int64
    private var lastSlot: Int64?
    private var passes: [Bool] = []

    /// Remembers tests at least a twentieth of the window apart: closer ones see nearly the same data.
    init(window: Int) {
        minimumDistance = Int64(Self.distance(window: window))
    }

    /// Bars that the remembered tests span when one runs every `interval` bars.
    static func span(window: Int, interval: Int) -> Int {
        let testsBetween = (distance(window: window) + interval - 1) / interval
        return capacity * testsBetween * interval
    }

    private static func distance(window: Int) -> Int {
        max(1, window / 20)
    }

    mutating func record(passed: Bool, slot: Int64) {
        if let lastSlot, slot - lastSlot < minimumDistance { return }
        lastSlot = slot
        if passes.count == Self.capacity { passes.removeFirst() }
        passes.append(passed)
    }

    /// Passes over tests remembered, nil while there are too few.
    var ratio: Double? {
        guard passes.count >= Self.minimumCount else { return nil }
        return Double(passes.count { $0 }) / Double(passes.count)
    }
}

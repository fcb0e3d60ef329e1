/// How many of the last slots had a property.
struct RollingCount: Sendable {
    private var flags: [Bool]
    private var position = 0
    private(set) var count = 0

    init(capacity: Int) {
        flags = Array(repeating: false, count: max(1, capacity))
    }

    /// Sets the flag of a slot that lies so many slots before the newest; one that has left the window has none.
    mutating func set(_ flag: Bool, slotsBack: Int) {
        guard slotsBack < flags.count else { return }
        let index = (position - 1 - slotsBack + 2 * flags.count) % flags.count
        count += (flag ? 1 : 0) - (flags[index] ? 1 : 0)
        flags[index] = flag
    }

    mutating func append(_ flag: Bool) {
        count += (flag ? 1 : 0) - (flags[position] ? 1 : 0)
        flags[position] = flag
        position = position + 1 == flags.count ? 0 : position + 1
    }
}

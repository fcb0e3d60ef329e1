/// How many of the last slots had a property.
struct RollingCount: Sendable {
    private var flags: [Bool]
    private var position = 0
    private(set) var count = 0

    init(capacity: Int) {
        flags = Array(repeating: false, count: max(1, capacity))
    }

    mutating func append(_ flag: Bool) {
        count += (flag ? 1 : 0) - (flags[position] ? 1 : 0)
        flags[position] = flag
        position = position + 1 == flags.count ? 0 : position + 1
    }
}

/// How many rows a transaction beside another writer may have: what is written in about 25 ms.
///
/// After each there is a pause, in which a writer that waits gets its turn.
struct TransactionPace {
    private static let target = Duration.milliseconds(25)
    static let pause = Duration.milliseconds(4)
    private static let limits = 500...50_000

    /// The rows of the next transaction.
    private(set) var rows = 5_000
    /// The longest that a transaction has taken.
    private(set) var longest = Duration.zero
    private let clock = ContinuousClock()

    /// Runs a transaction, adjusts the number of rows to the time that it takes, and pauses.
    mutating func run<Value>(rows count: Int, _ transaction: () async throws -> Value) async throws -> Value {
        let start = clock.now
        let value = try await transaction()
        let time = clock.now - start
        longest = max(longest, time)
        if count * 2 > rows {
            let factor = min(2, max(0.25, Self.target / max(time, .microseconds(1))))
            rows = Self.limits.clamped(Int(Double(rows) * factor))
        }
        try await Task.sleep(for: Self.pause)
        return value
    }
}

extension ClosedRange<Int> {
    fileprivate func clamped(_ value: Int) -> Int {
        Swift.min(upperBound, Swift.max(lowerBound, value))
    }
}

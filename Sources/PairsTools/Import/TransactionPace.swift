/// The number of rows of a transaction beside another writer: as many as about 25 ms permit.
///
/// After each there is a pause, in which another writer can begin its transaction.
struct TransactionPace {
    private static let target = Duration.milliseconds(25)
    static let pause = Duration.milliseconds(4)
    private static let limits = 500...50_000

    /// The rows of the next transaction.
    private(set) var rows = 5_000
    /// The longest duration of a transaction.
    private(set) var longest = Duration.zero
    private let clock = ContinuousClock()

    /// Runs a transaction, adjusts the number of rows to its duration, and pauses.
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

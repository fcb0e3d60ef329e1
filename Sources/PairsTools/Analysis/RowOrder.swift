import MarketData
import PairsApp

/// What the rows of a table are ordered by.
struct RowOrder: Sendable {
    /// The order of the rows in the file.
    enum Direction: String, Sendable {
        case oldestFirst = "oldest first"
        case newestFirst = "newest first"
        case mixed = "out of order"
    }

    /// The kind of the values of the column.
    enum Values: Sendable {
        /// Moments in microseconds.
        case times
        /// Plain numbers that are not moments.
        case rowNumbers
    }

    /// The name of the column.
    let column: String
    let values: Values
    let direction: Direction
    /// The least and the greatest value of the used rows: microseconds, or the numbers themselves.
    let first: Double
    let last: Double
    /// The most frequent difference of two rows in order; nil below two rows.
    let usualStep: Double?
    /// The greatest difference.
    let longestStep: Double?
    /// Differences that are longer than the usual one.
    let gaps: Int

    /// The order of bars, which has no gaps: each missing bar has a slot.
    init(bars timeframe: Timeframe, first: Timestamp, last: Timestamp, missing: Int) {
        column = "open_time"
        values = .times
        direction = .oldestFirst
        self.first = Double(first.microseconds)
        self.last = Double(last.microseconds)
        usualStep = Double(timeframe.microseconds)
        longestStep = usualStep
        gaps = missing
    }

    /// The order of rows that have been sorted.
    /// - Parameters:
    ///   - key: the column that they are sorted by.
    ///   - rows: without repeats.
    init?(_ key: TimeKey, _ rows: TimedRows) {
        guard let first = rows.keys.first, let last = rows.keys.last else { return nil }
        column = key.name
        values = key.values ?? .rowNumbers
        direction = rows.steps.down == 0 ? .oldestFirst : rows.steps.up == 0 ? .newestFirst : .mixed
        self.first = first
        self.last = last
        var counts: [Double: Int] = [:]
        for (earlier, later) in zip(rows.keys, rows.keys.dropFirst()) { counts[later - earlier, default: 0] += 1 }
        // Of equally frequent steps, the shortest is the usual one.
        let usual = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
        usualStep = usual
        longestStep = counts.keys.max()
        gaps = counts.reduce(0) { sum, step in
            usual.map { step.key > $0 } == true ? sum + step.value : sum
        }
    }

    /// The usual step in microseconds.
    var timeStep: Int64? { values == .times ? usualStep.flatMap { Int64(exactly: $0) } : nil }

    /// A value of the column for people and programs.
    func text(_ value: Double) -> String {
        switch values {
        case .times: Timestamp(microseconds: Int64(exactly: value) ?? 0).dateText
        case .rowNumbers: Self.plain(value)
        }
    }

    /// A step for people and programs.
    func stepText(_ step: Double) -> String {
        switch values {
        case .times: Int64(exactly: step).map(Self.duration) ?? Self.plain(step)
        case .rowNumbers: Self.plain(step)
        }
    }

    /// All digits: row numbers that are close to each other stay different.
    private static func plain(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }

    /// A duration as one number with its unit, with days, hours and minutes apart where that number is large.
    private static func duration(_ microseconds: Int64) -> String {
        let minute: Int64 = 60_000_000
        guard microseconds >= 60 * minute, microseconds.isMultiple(of: minute) else {
            return DurationText.text(microseconds)
        }
        let minutes = microseconds / minute
        let parts = [(minutes / 1440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "m")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}

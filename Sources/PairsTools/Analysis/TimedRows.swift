/// Rows of one or several series by time.
struct TimedRows: Sendable {
    /// The time of each row; empty where no column is one.
    private(set) var keys: [Double] = []
    /// The line of each row.
    private(set) var lines: [Int] = []
    /// The values of each series.
    private(set) var values: [[Double]]
    /// Steps up and down in the order of the file.
    private(set) var steps = (up: 0, down: 0)
    /// Rows that are left out because they repeat another one.
    private(set) var repeated = 0
    /// Rows without values, which are only counted.
    private(set) var skipped = 0

    init(series: Int) {
        values = Array(repeating: [], count: series)
    }

    /// The rows of times that all legs have; each leg has one series and is in order of time, without repeats.
    init(joining legs: [TimedRows]) {
        guard let first = legs.first else {
            self.init(series: 0)
            return
        }
        self = first
        for leg in legs.dropFirst() { join(leg) }
    }

    var count: Int { lines.count }
    /// Rows that were read.
    var seen: Int { count + repeated + skipped }

    mutating func append(key: Double?, line: Int, _ row: [Double]) {
        if let key {
            if let previous = keys.last {
                if key > previous { steps.up += 1 }
                if key < previous { steps.down += 1 }
            }
            keys.append(key)
        }
        lines.append(line)
        for (series, value) in row.enumerated() { values[series].append(value) }
    }

    /// Counts a row whose values are not needed.
    mutating func skip() { skipped += 1 }

    /// Puts the rows in order of time, and leaves out those that are the same as one before.
    /// - Returns: the lines of two rows of one time that differ, where there are such.
    mutating func sort() -> (first: Int, second: Int)? {
        guard !keys.isEmpty else { return nil }
        if steps.down > 0 { keep(keys.indices.sorted { (keys[$0], lines[$0]) < (keys[$1], lines[$1]) }) }
        var kept: [Int] = []
        kept.reserveCapacity(count)
        for row in keys.indices {
            guard let last = kept.last, keys[row] == keys[last] else {
                kept.append(row)
                continue
            }
            guard values.allSatisfy({ $0[row] == $0[last] }) else { return (lines[last], lines[row]) }
        }
        repeated += count - kept.count
        if kept.count < count { keep(kept) }
        return nil
    }

    private mutating func join(_ other: TimedRows) {
        var (mine, theirs): ([Int], [Int]) = ([], [])
        var position = 0
        for row in keys.indices {
            while position < other.count, other.keys[position] < keys[row] { position += 1 }
            guard position < other.count, other.keys[position] == keys[row] else { continue }
            mine.append(row)
            theirs.append(position)
        }
        keep(mine)
        values += other.values.map { values in theirs.map { values[$0] } }
        steps = (steps.up + other.steps.up, steps.down + other.steps.down)
        repeated += other.repeated
    }

    /// Keeps the rows at these positions, in this order.
    private mutating func keep(_ positions: [Int]) {
        keys = positions.map { keys[$0] }
        lines = positions.map { lines[$0] }
        for series in values.indices {
            let all = values[series]
            values[series] = positions.map { all[$0] }
        }
    }
}

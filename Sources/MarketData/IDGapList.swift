/// Missing ids of one stream, by ascending id, in short runs: no change examines more than one run and the list of
/// runs, whatever the number of gaps.
struct IDGapList: Sendable {
    /// A run is split when it is twice as long.
    static let runLength = 64

    /// Consecutive gaps, with sums and limits over all of them.
    private struct Run: Sendable {
        var gaps: [TimedIDGap]
        /// The number of ids in open gaps.
        var openCount: Int64 = 0
        /// The earliest start and the latest end.
        var span: (start: Timestamp, end: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .min))
        /// The earliest start and the earliest end of those whose end is known.
        var known: (start: Timestamp, end: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .max))
        /// The earliest and the latest ``TimedIDGap/before`` of those that are open.
        var before: (first: Timestamp, last: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .min))

        init(_ gaps: [TimedIDGap]) {
            self.gaps = gaps
            for gap in gaps { count(gap) }
        }

        mutating func append(_ gap: TimedIDGap) {
            gaps.append(gap)
            count(gap)
        }

        private mutating func count(_ gap: TimedIDGap) {
            span = (min(span.start, gap.start), max(span.end, gap.end))
            if gap.hasEnd { known = (min(known.start, gap.start), min(known.end, gap.end)) }
            guard gap.state == .open else { return }
            openCount += gap.count
            before = (min(before.first, gap.before), max(before.last, gap.before))
        }
    }

    private var runs: [Run] = []
    /// How many gaps there are.
    private(set) var count = 0
    /// How many ids lie in gaps that are open.
    private(set) var openCount: Int64 = 0

    /// No gaps.
    init() {}

    /// Gaps by ascending id.
    init(_ gaps: [TimedIDGap]) {
        for gap in gaps { append(gap) }
    }

    /// The gap with the greatest ids.
    var last: TimedIDGap? { runs.last?.gaps.last }

    /// The gap that an id lies in.
    func gap(around id: Int64) -> TimedIDGap? {
        let index = firstRun(endingFrom: id)
        guard index < runs.count else { return nil }
        let gaps = runs[index].gaps
        let position = Self.position(in: gaps, endingFrom: id)
        return position < gaps.count && gaps[position].firstID <= id ? gaps[position] : nil
    }

    /// Adds a gap beyond all others.
    mutating func append(_ gap: TimedIDGap) {
        if let run = runs.indices.last, runs[run].gaps.count < Self.runLength {
            runs[run].append(gap)
        } else {
            runs.append(Run([gap]))
        }
        count += 1
        if gap.state == .open { openCount += gap.count }
    }

    /// Replaces the gaps that overlap a range of ids.
    mutating func replace(overlapping ids: ClosedRange<Int64>, with parts: (TimedIDGap) -> [TimedIDGap]) {
        var index = firstRun(endingFrom: ids.lowerBound)
        while index < runs.count, let first = runs[index].gaps.first, first.firstID <= ids.upperBound {
            var run = runs[index]
            count -= run.gaps.count
            openCount -= run.openCount
            let start = Self.position(in: run.gaps, endingFrom: ids.lowerBound)
            let end = run.gaps[start...].firstIndex { $0.firstID > ids.upperBound } ?? run.gaps.count
            run.gaps.replaceSubrange(start..<end, with: run.gaps[start..<end].flatMap(parts))
            let pieces = Self.pieces(of: run.gaps)
            count += run.gaps.count
            openCount += pieces.reduce(0) { $0 + $1.openCount }
            runs.replaceSubrange(index...index, with: pieces)
            index += pieces.count
        }
    }

    /// Applies a change to the newest gaps, from the last one back, until `change` returns false.
    mutating func changeNewest(_ change: (inout TimedIDGap) -> Bool) {
        for index in runs.indices.reversed() {
            var gaps = runs[index].gaps
            var continues = true
            for position in gaps.indices.reversed() where continues { continues = change(&gaps[position]) }
            openCount -= runs[index].openCount
            runs[index] = Run(gaps)
            openCount += runs[index].openCount
            if !continues { return }
        }
    }

    /// Merges the two gaps with the least ids into one that is unrepairable.
    /// - Returns: the two; nil when there are fewer.
    mutating func mergeOldest() -> (TimedIDGap, TimedIDGap)? {
        let oldest = Array(runs.prefix(2).flatMap(\.gaps).prefix(2))
        guard oldest.count == 2 else { return nil }
        var merged = oldest[0]
        merged.lastID = oldest[1].lastID
        merged.after = min(oldest[0].start, oldest[1].start)
        merged.before = max(oldest[0].end, oldest[1].end)
        merged.state = .unrepairable
        merged.isMerged = true
        removeFirst()
        removeFirst()
        let gaps = [merged] + (runs.first?.gaps ?? [])
        if runs.isEmpty { runs = [Run(gaps)] } else { runs[0] = Run(gaps) }
        count += 1
        return (oldest[0], oldest[1])
    }

    /// Whether a trade of a gap can have happened between two moments.
    func hasGap(from start: Timestamp, to end: Timestamp) -> Bool {
        runs.contains { run in
            run.span.start < end && run.span.end >= start
                && run.gaps.contains { $0.start < end && $0.end >= start }
        }
    }

    /// The number of ids in open gaps whose trades may have happened at or after a moment.
    func openCount(from moment: Timestamp) -> Int64 {
        runs.reduce(0) { count, run in
            if run.before.last < moment { return count }
            if run.before.first >= moment { return count + run.openCount }
            return run.gaps.reduce(count) { $1.state == .open && $1.before >= moment ? $0 + $1.count : $0 }
        }
    }

    /// The earliest start and end of the newest gaps, back to the first one that ends by a moment; those whose end is
    /// not known are left out. Nil when there are none.
    func newest(endingAfter moment: Timestamp) -> (start: Timestamp, firstEnd: Timestamp)? {
        var found: (start: Timestamp, firstEnd: Timestamp)?
        for run in runs.reversed() {
            if run.known.end > moment {
                guard run.known.end < Timestamp(microseconds: .max) else { continue }
                found = (
                    min(found?.start ?? run.known.start, run.known.start),
                    min(found?.firstEnd ?? run.known.end, run.known.end)
                )
                continue
            }
            for gap in run.gaps.reversed() where gap.hasEnd {
                guard gap.end > moment else { return found }
                found = (min(found?.start ?? gap.start, gap.start), min(found?.firstEnd ?? gap.end, gap.end))
            }
        }
        return found
    }

    /// Visits gaps from the last one back, until `visit` returns false.
    /// - Parameter onlyOpen: whether unrepairable gaps are left out.
    func visitNewest(onlyOpen: Bool, _ visit: (TimedIDGap) -> Bool) {
        for run in runs.reversed() where !onlyOpen || run.openCount > 0 {
            for gap in run.gaps.reversed() where !onlyOpen || gap.state == .open {
                if !visit(gap) { return }
            }
        }
    }

    /// The length of the longest run, which bounds the cost of a change.
    var longestRun: Int { runs.map(\.gaps.count).max() ?? 0 }

    private mutating func removeFirst() {
        guard let run = runs.first, let gap = run.gaps.first else { return }
        count -= 1
        if gap.state == .open { openCount -= gap.count }
        if run.gaps.count == 1 { runs.removeFirst() } else { runs[0] = Run(Array(run.gaps.dropFirst())) }
    }

    /// The position of the first run whose last id is not below an id.
    private func firstRun(endingFrom id: Int64) -> Int {
        Self.first(in: runs.indices) { runs[$0].gaps.last.map { $0.lastID >= id } ?? true }
    }

    /// The position of the first gap whose last id is not below an id.
    private static func position(in gaps: [TimedIDGap], endingFrom id: Int64) -> Int {
        first(in: gaps.indices) { gaps[$0].lastID >= id }
    }

    /// The first position from which a condition holds, by binary search; the end where it never holds.
    private static func first(in positions: Range<Int>, where isFrom: (Int) -> Bool) -> Int {
        var range = positions
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isFrom(middle) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }

    /// Gaps as runs of at most twice ``runLength``.
    private static func pieces(of gaps: [TimedIDGap]) -> [Run] {
        if gaps.isEmpty { return [] }
        if gaps.count <= 2 * runLength { return [Run(gaps)] }
        return stride(from: 0, to: gaps.count, by: runLength).map { start in
            Run(Array(gaps[start..<min(start + runLength, gaps.count)]))
        }
    }
}

/// Missing ids of one stream, by ascending id, in short runs: no change looks at more than one run and the list of runs,
/// whatever the number of holes.
struct HoleList: Sendable {
    /// A run is split when it is twice as long.
    static let runLength = 64

    /// Holes that follow each other, and what is known of all of them.
    private struct Run: Sendable {
        var holes: [OpenHole]
        /// How many ids of them are open.
        var openCount: Int64 = 0
        /// The earliest start and the latest end.
        var span: (start: Timestamp, end: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .min))
        /// The earliest start and the earliest end of those whose end is known.
        var known: (start: Timestamp, end: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .max))
        /// The earliest and the latest ``OpenHole/before`` of those that are open.
        var before: (first: Timestamp, last: Timestamp) = (Timestamp(microseconds: .max), Timestamp(microseconds: .min))

        init(_ holes: [OpenHole]) {
            self.holes = holes
            for hole in holes { note(hole) }
        }

        mutating func append(_ hole: OpenHole) {
            holes.append(hole)
            note(hole)
        }

        private mutating func note(_ hole: OpenHole) {
            span = (min(span.start, hole.start), max(span.end, hole.end))
            if hole.hasEnd { known = (min(known.start, hole.start), min(known.end, hole.end)) }
            guard hole.state == .open else { return }
            openCount += hole.count
            before = (min(before.first, hole.before), max(before.last, hole.before))
        }
    }

    private var runs: [Run] = []
    /// How many holes there are.
    private(set) var count = 0
    /// How many ids lie in holes that are open.
    private(set) var openCount: Int64 = 0

    /// No holes.
    init() {}

    /// Holes by ascending id.
    init(_ holes: [OpenHole]) {
        for hole in holes { append(hole) }
    }

    /// The hole with the greatest ids.
    var last: OpenHole? { runs.last?.holes.last }

    /// The hole that an id lies in.
    func hole(around id: Int64) -> OpenHole? {
        let index = firstRun(endingFrom: id)
        guard index < runs.count else { return nil }
        let holes = runs[index].holes
        let position = Self.position(in: holes, endingFrom: id)
        return position < holes.count && holes[position].firstID <= id ? holes[position] : nil
    }

    /// Adds a hole beyond all others.
    mutating func append(_ hole: OpenHole) {
        if let run = runs.indices.last, runs[run].holes.count < Self.runLength {
            runs[run].append(hole)
        } else {
            runs.append(Run([hole]))
        }
        count += 1
        if hole.state == .open { openCount += hole.count }
    }

    /// Puts others in the place of the holes that overlap a range of ids.
    mutating func replace(overlapping ids: ClosedRange<Int64>, with parts: (OpenHole) -> [OpenHole]) {
        var index = firstRun(endingFrom: ids.lowerBound)
        while index < runs.count, let first = runs[index].holes.first, first.firstID <= ids.upperBound {
            var run = runs[index]
            count -= run.holes.count
            openCount -= run.openCount
            let start = Self.position(in: run.holes, endingFrom: ids.lowerBound)
            let end = run.holes[start...].firstIndex { $0.firstID > ids.upperBound } ?? run.holes.count
            run.holes.replaceSubrange(start..<end, with: run.holes[start..<end].flatMap(parts))
            let pieces = Self.pieces(of: run.holes)
            count += run.holes.count
            openCount += pieces.reduce(0) { $0 + $1.openCount }
            runs.replaceSubrange(index...index, with: pieces)
            index += pieces.count
        }
    }

    /// Changes the newest holes, from the last one back, until there is nothing to change in one.
    mutating func changeNewest(_ change: (inout OpenHole) -> Bool) {
        for index in runs.indices.reversed() {
            var holes = runs[index].holes
            var goesOn = true
            for position in holes.indices.reversed() where goesOn { goesOn = change(&holes[position]) }
            openCount -= runs[index].openCount
            runs[index] = Run(holes)
            openCount += runs[index].openCount
            if !goesOn { return }
        }
    }

    /// Makes one hole of the two with the least ids, which is not open.
    /// - Returns: the two; nil when there are fewer.
    mutating func mergeOldest() -> (OpenHole, OpenHole)? {
        let oldest = Array(runs.prefix(2).flatMap(\.holes).prefix(2))
        guard oldest.count == 2 else { return nil }
        var merged = oldest[0]
        merged.lastID = oldest[1].lastID
        merged.after = min(oldest[0].start, oldest[1].start)
        merged.before = max(oldest[0].end, oldest[1].end)
        merged.state = .unrepairable
        merged.isMerged = true
        removeFirst()
        removeFirst()
        let holes = [merged] + (runs.first?.holes ?? [])
        if runs.isEmpty { runs = [Run(holes)] } else { runs[0] = Run(holes) }
        count += 1
        return (oldest[0], oldest[1])
    }

    /// Whether something in a hole can have been traded from one moment to another.
    func hasHole(from start: Timestamp, to end: Timestamp) -> Bool {
        runs.contains { run in
            run.span.start < end && run.span.end >= start
                && run.holes.contains { $0.start < end && $0.end >= start }
        }
    }

    /// How many ids lie in open holes of which something may have been traded at or after a moment.
    func openCount(from moment: Timestamp) -> Int64 {
        runs.reduce(0) { count, run in
            if run.before.last < moment { return count }
            if run.before.first >= moment { return count + run.openCount }
            return run.holes.reduce(count) { $1.state == .open && $1.before >= moment ? $0 + $1.count : $0 }
        }
    }

    /// The earliest start and end of the newest holes, back to the first one that ends by a moment; those whose end is
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
            for hole in run.holes.reversed() where hole.hasEnd {
                guard hole.end > moment else { return found }
                found = (min(found?.start ?? hole.start, hole.start), min(found?.firstEnd ?? hole.end, hole.end))
            }
        }
        return found
    }

    /// Visits holes from the last one back, until `visit` returns false.
    /// - Parameter onlyOpen: whether those that were given up are left out.
    func visitNewest(onlyOpen: Bool, _ visit: (OpenHole) -> Bool) {
        for run in runs.reversed() where !onlyOpen || run.openCount > 0 {
            for hole in run.holes.reversed() where !onlyOpen || hole.state == .open {
                if !visit(hole) { return }
            }
        }
    }

    /// The length of the longest run, which bounds what a change looks at.
    var longestRun: Int { runs.map(\.holes.count).max() ?? 0 }

    private mutating func removeFirst() {
        guard let run = runs.first, let hole = run.holes.first else { return }
        count -= 1
        if hole.state == .open { openCount -= hole.count }
        if run.holes.count == 1 { runs.removeFirst() } else { runs[0] = Run(Array(run.holes.dropFirst())) }
    }

    /// The position of the first run whose last id is not below an id.
    private func firstRun(endingFrom id: Int64) -> Int {
        Self.first(in: runs.indices) { runs[$0].holes.last.map { $0.lastID >= id } ?? true }
    }

    /// The position of the first hole whose last id is not below an id.
    private static func position(in holes: [OpenHole], endingFrom id: Int64) -> Int {
        first(in: holes.indices) { holes[$0].lastID >= id }
    }

    /// The first position from which on a condition holds, by halving; the end where it never does.
    private static func first(in positions: Range<Int>, where isFrom: (Int) -> Bool) -> Int {
        var range = positions
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isFrom(middle) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }

    /// Holes as runs of at most twice ``runLength``.
    private static func pieces(of holes: [OpenHole]) -> [Run] {
        if holes.isEmpty { return [] }
        if holes.count <= 2 * runLength { return [Run(holes)] }
        return stride(from: 0, to: holes.count, by: runLength).map { start in
            Run(Array(holes[start..<min(start + runLength, holes.count)]))
        }
    }
}

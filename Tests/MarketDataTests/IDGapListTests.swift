import TestSupport
import Testing

@testable import MarketData

@Suite struct IDGapListTests {
    @Test("After any additions, repairs and changes of state, it has the same gaps as a plain list", arguments: 0..<40)
    func plainList(seed: Int) {
        var generator = SeededRandom(seed: 300 + seed)
        var list = IDGapList()
        var plain: [TimedIDGap] = []
        var nextID: Int64 = 1
        for step in 0..<600 {
            if Int.random(in: 0..<3, using: &generator) > 0 || plain.isEmpty {
                nextID += .random(in: 1...3, using: &generator)
                let gap = Self.gap(nextID...(nextID + .random(in: 0...4, using: &generator)), at: Int64(step))
                list.append(gap)
                plain.append(gap)
                nextID = gap.lastID + 1
            } else {
                let first = Int64.random(in: 0...nextID, using: &generator)
                let ids = first...(first + .random(in: 0...20, using: &generator))
                let isGivenUp = Bool.random(using: &generator)
                let parts = { (gap: TimedIDGap) -> [TimedIDGap] in
                    var parts = gap.split(by: ids)
                    parts.inside.state = .unrepairable
                    return (isGivenUp ? [parts.lower, parts.inside, parts.upper] : [parts.lower, parts.upper])
                        .filter { $0.count > 0 }
                }
                list.replace(overlapping: ids, with: parts)
                plain = plain.flatMap { gap in
                    gap.firstID <= ids.upperBound && gap.lastID >= ids.lowerBound ? parts(gap) : [gap]
                }
            }
            #expect(list.count == plain.count)
            #expect(list.openCount == plain.filter { $0.state == .open }.reduce(0) { $0 + $1.count })
        }
        #expect(Self.gaps(of: list) == plain)
        for id in 0...nextID {
            #expect(list.gap(around: id) == plain.first { $0.firstID <= id && $0.lastID >= id })
        }
        for moment in stride(from: Int64(0), to: 600, by: 7) {
            let (start, end) = (Timestamp.milliseconds(moment), Timestamp.milliseconds(moment + 3))
            #expect(list.hasGap(from: start, to: end) == plain.contains { $0.start < end && $0.end >= start })
            let open = plain.filter { $0.state == .open && $0.before >= start }
            #expect(list.openCount(from: start) == open.reduce(0) { $0 + $1.count })
        }
        #expect(list.longestRun <= 2 * IDGapList.runLength)
    }

    @Test("A change examines no more gaps in a list of 225,000 than in one of a thousand")
    func bounded() {
        for count in [1_000, 225_000] {
            var list = IDGapList()
            for number in 0..<Int64(count) { list.append(Self.gap((2 * number)...(2 * number), at: number)) }
            // Every second one is filled, every third becomes unrepairable.
            for number in stride(from: Int64(0), to: Int64(count), by: 2) {
                list.replace(overlapping: (2 * number)...(2 * number)) { _ in [] }
            }
            #expect(list.count == count / 2)
            #expect(list.longestRun <= 2 * IDGapList.runLength)
        }
    }

    @Test("The oldest two gaps are merged into one that is not requested, over the time of both")
    func merges() {
        var list = IDGapList((0..<200).map { Self.gap((10 * $0)...(10 * $0 + 1), at: 10 * $0) })
        for _ in 0..<150 { #expect(list.mergeOldest() != nil) }
        #expect(list.count == 50)
        #expect(list.openCount == 98)
        let merged = list.gap(around: 5)
        #expect(merged?.isMerged == true)
        #expect(merged?.lastID == 1501)
        #expect(list.hasGap(from: .milliseconds(700), to: .milliseconds(701)))
    }

    private static func gap(_ ids: ClosedRange<Int64>, at milliseconds: Int64) -> TimedIDGap {
        TimedIDGap(
            firstID: ids.lowerBound,
            lastID: ids.upperBound,
            after: .milliseconds(milliseconds),
            before: .milliseconds(milliseconds + 1)
        )
    }

    private static func gaps(of list: IDGapList) -> [TimedIDGap] {
        var gaps: [TimedIDGap] = []
        list.visitNewest(onlyOpen: false) { gap in
            gaps.append(gap)
            return true
        }
        return gaps.reversed()
    }
}

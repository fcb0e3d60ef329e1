import TestSupport
import Testing

@testable import MarketData

@Suite struct TradeSequenceTests {
    private let instrument = InstrumentID(0)

    @Test("Ids show which record is next, missing, a repair or a duplicate")
    func admissions() {
        let steps: [(Int64, TradeSequence.Admission, missing: Int64)] = [
            (100, .next, 0), (101, .next, 0), (101, .duplicate, 0), (100, .duplicate, 0), (99, .duplicate, 0),
            (0, .duplicate, 0), (105, .afterGap(missing: 3), 3), (103, .fillsGap, 2), (103, .duplicate, 2),
            (102, .fillsGap, 1), (104, .fillsGap, 0), (104, .duplicate, 0), (106, .next, 0),
            (1_000_000_000_106, .afterGap(missing: 999_999_999_999), 999_999_999_999),
            (500_000, .fillsGap, 999_999_999_998), (1_000_000_000_107, .next, 999_999_999_998),
        ]
        var sequence = TradeSequence(instrument: instrument)
        var changes: [IDGapChange] = []
        for (id, expected, missing) in steps {
            #expect(sequence.admit(id: id, time: .milliseconds(id), changes: &changes) == expected, "id \(id)")
            #expect(sequence.openCount == missing, "after id \(id)")
        }
        #expect(sequence.lastID == 1_000_000_000_107)
    }

    @Test("A gap is recorded with the first trade after it")
    func gapChanges() {
        var sequence = TradeSequence(instrument: instrument)
        #expect(changes(&sequence, 10).isEmpty)
        #expect(changes(&sequence, 15) == [.put(gap(11, 14, .open))])
        #expect(
            changes(&sequence, 12) == [
                remove(11), .put(gap(12, 12, .repaired)), .put(gap(11, 11, .open)), .put(gap(13, 14, .open)),
            ]
        )
        #expect(changes(&sequence, 13) == [remove(13), .put(gap(12, 13, .repaired)), .put(gap(14, 14, .open))])
        #expect(changes(&sequence, 11) == [remove(11), .put(gap(11, 11, .repaired))])
        #expect(changes(&sequence, 14) == [remove(14), .put(gap(14, 14, .repaired))])
        #expect(changes(&sequence, 14).isEmpty)
    }

    @Test("The id of a record that is not a trade is recorded, and never as repaired")
    func discards() {
        var sequence = TradeSequence(instrument: instrument)
        _ = changes(&sequence, 10)
        #expect(changes(&sequence, 11, .orderType) == [.put(gap(11, 11, .discarded))])
        #expect(changes(&sequence, 12, .price) == [.put(gap(11, 12, .discarded))])
        #expect(changes(&sequence, 13, .decimalOverflow) == [.put(gap(13, 13, .unrepairable))])
        #expect(changes(&sequence, 15) == [.put(gap(14, 14, .open))])
        #expect(changes(&sequence, 14, .quantity) == [remove(14), .put(gap(14, 14, .discarded))])
        #expect(sequence.openCount == 0)
    }

    @Test("Ids without a usable record make one gap, which ends with the next trade")
    func expects() {
        var sequence = TradeSequence(instrument: instrument)
        var changes: [IDGapChange] = []
        #expect(sequence.expect(5, changes: &changes) == 0)
        _ = self.changes(&sequence, 10, at: 1000)
        #expect(sequence.expect(12, changes: &changes) == 2)
        #expect(sequence.expect(13, changes: &changes) == 1)
        #expect(sequence.expect(12, changes: &changes) == 0)
        #expect(changes == [.put(gap(11, 12, .open)), .put(gap(11, 13, .open))])
        #expect(sequence.openCount == 3)
        #expect(sequence.hasOpenGap(from: .milliseconds(900_000), to: .milliseconds(901_000)))
        #expect(sequence.missing(atMost: 9).isEmpty)
        _ = self.changes(&sequence, 14, at: 2000)
        #expect(!sequence.hasOpenGap(from: .milliseconds(2001), to: .milliseconds(3000)))
        #expect(sequence.missing(atMost: 9).map(\.ids) == [11...13])
        #expect(self.changes(&sequence, 12, at: 1500).contains(.put(gap(12, 12, .repaired))))
    }

    @Test("An id far beyond those known is not expected")
    func expectsNothingAbsurd() {
        var sequence = TradeSequence(instrument: instrument)
        var changes: [IDGapChange] = []
        _ = self.changes(&sequence, 10)
        #expect(sequence.expect(.max, changes: &changes) == 0)
        #expect(sequence.expect(1_000_000, changes: &changes) == 0)
        #expect(changes.isEmpty)
    }

    @Test("With any losses, repeats and disorder, every id is admitted once or is in one row", arguments: 0..<150)
    func ledger(seed: Int) throws {
        var generator = SeededRandom(seed: seed)
        let first = Int64.random(in: 0...5, using: &generator)
        let discards: [DiscardReason?] = [nil, nil, nil, nil, .orderType, .price, .decimalOverflow]
        let reasonByID = (0..<60).map { _ in discards.randomElement(using: &generator) ?? nil }
        let spread = Int64.random(in: 0...30, using: &generator)
        var arrivals = (first..<60).filter { _ in Int.random(in: 0..<5, using: &generator) > 0 }
        arrivals += arrivals.filter { _ in Int.random(in: 0..<5, using: &generator) == 0 }
        arrivals = arrivals.map { ($0, $0 + .random(in: 0...spread, using: &generator)) }
            .sorted { $0.1 < $1.1 }.map(\.0)

        var sequence = TradeSequence(instrument: instrument)
        var ledger = IDGapLedger()
        var expected: [Int64: IDGapState] = [:]
        var admitted: Set<Int64> = []
        var (lowest, highest) = (Int64.max, Int64.min)
        for id in arrivals {
            let reason = reasonByID[Int(id)]
            var changes: [IDGapChange] = []
            let admission = sequence.admit(id: id, time: .milliseconds(id), discard: reason, changes: &changes)
            ledger.apply(changes)
            let isNew = admitted.isEmpty || id > lowest && !admitted.contains(id)
            #expect((admission != .duplicate) == isNew)
            if isNew {
                if admitted.isEmpty { (lowest, highest) = (id, id) }
                let wasMissing = id < highest
                for missing in (highest + 1)..<max(id, highest + 1) { expected[missing] = .open }
                highest = max(highest, id)
                admitted.insert(id)
                expected[id] = Self.state(reason) ?? (wasMissing ? .repaired : nil)
            }
            let states = try #require(ledger.statesByID(), "two rows name one id")
            #expect(states == expected)
            #expect(sequence.openCount == Int64(expected.values.count { $0 == .open }))
            #expect((lowest...highest).allSatisfy { admitted.contains($0) || states[$0] == .open })
        }
        #expect(sequence.lastID == highest)
    }

    @Test("A bar overlaps the whole time in which missing trades can have happened")
    func overlap() {
        var sequence = TradeSequence(instrument: instrument)
        _ = changes(&sequence, 1, at: 10_500)
        _ = changes(&sequence, 5, at: 12_500)
        #expect(seconds(sequence, 8...15) == [10, 11, 12])
        _ = changes(&sequence, 3, at: 11_500)
        #expect(seconds(sequence, 8...15) == [10, 11, 12])
        _ = changes(&sequence, 2, at: 10_600)
        #expect(seconds(sequence, 8...15) == [11, 12])
        _ = changes(&sequence, 4, at: 12_400)
        #expect(seconds(sequence, 8...15) == [])
    }

    @Test("A gap between trades whose times descend is a gap too")
    func backwardTimes() {
        var sequence = TradeSequence(instrument: instrument)
        _ = changes(&sequence, 1, at: 11_100)
        _ = changes(&sequence, 3, at: 10_900)
        #expect(seconds(sequence, 8...15) == [10, 11])
    }

    @Test("A time that is not accepted neither ends a gap nor hides the next one")
    func implausibleTime() {
        var sequence = TradeSequence(instrument: instrument)
        _ = changes(&sequence, 1, at: 10_500)
        var changes: [IDGapChange] = []
        #expect(sequence.expect(3, changes: &changes) == 2)
        #expect(seconds(sequence, 8...15) == [10, 11, 12, 13, 14, 15])
        _ = self.changes(&sequence, 4, at: 11_500)
        #expect(seconds(sequence, 8...15) == [10, 11])
        _ = self.changes(&sequence, 2, at: 11_000)
        _ = self.changes(&sequence, 3, at: 11_000)
        #expect(seconds(sequence, 8...15) == [])
        _ = self.changes(&sequence, 6, at: 13_500)
        #expect(seconds(sequence, 8...15) == [11, 12, 13])
    }

    @Test("A wrong id far ahead makes one bar a gap, and the right ids below it count as repairs")
    func wrongID() {
        var sequence = TradeSequence(instrument: instrument)
        _ = changes(&sequence, 1, at: 10_500)
        _ = changes(&sequence, TradeSequence.validIDs.upperBound - 1, at: 10_600)
        for id in 2...Int64(6) {
            var changes: [IDGapChange] = []
            let time = Timestamp.milliseconds(10_000 + id * 1000)
            #expect(sequence.admit(id: id, time: time, changes: &changes) == .fillsGap)
        }
        #expect(seconds(sequence, 8...20) == [10])
    }

    @Test("A resumed sequence has the last id and the gaps, and records later ids like the first one")
    func resumes() {
        var sequence = TradeSequence(instrument: instrument)
        let gaps = [
            TimedIDGap(firstID: 18, lastID: 18, after: .milliseconds(17_000), before: .milliseconds(19_000)),
            TimedIDGap(firstID: 11, lastID: 14, after: .milliseconds(10_000), before: .milliseconds(15_000)),
        ]
        sequence.resume(lastID: 20, lastTime: .milliseconds(20_500), openGaps: gaps)
        #expect(sequence.openCount == 5)
        #expect(seconds(sequence, 9...21) == [10, 11, 12, 13, 14, 15, 17, 18, 19])
        #expect(changes(&sequence, 16).isEmpty)
        #expect(
            changes(&sequence, 12, at: 12_000) == [
                remove(11), .put(gap(12, 12, .repaired)), .put(gap(11, 11, .open)), .put(gap(13, 14, .open)),
            ]
        )
        #expect(changes(&sequence, 23, at: 23_500) == [.put(gap(21, 22, .open))])
        #expect(seconds(sequence, 20...24) == [20, 21, 22, 23])
    }

    @Test("A gap on disk beyond the last trade is restored too, and is not recorded twice")
    func resumesWithGapBeyond() {
        var sequence = TradeSequence(instrument: instrument)
        let gap = TimedIDGap(firstID: 21, lastID: 24, after: .milliseconds(20_000), before: .milliseconds(25_000))
        sequence.resume(lastID: 20, lastTime: .milliseconds(20_000), openGaps: [gap])
        #expect(changes(&sequence, 26, at: 26_000) == [.put(self.gap(25, 25, .open))])
        #expect(sequence.openCount == 5)
    }

    private static func state(_ reason: DiscardReason?) -> IDGapState? {
        switch reason {
        case nil: nil
        case .orderType, .price, .quantity: .discarded
        case .decimalOverflow, .id: .unrepairable
        case .time: .open
        }
    }

    private func changes(
        _ sequence: inout TradeSequence,
        _ id: Int64,
        _ discard: DiscardReason? = nil,
        at milliseconds: Int64? = nil
    ) -> [IDGapChange] {
        var changes: [IDGapChange] = []
        let time = Timestamp.milliseconds(milliseconds ?? id * 1000)
        _ = sequence.admit(id: id, time: time, discard: discard, changes: &changes)
        return changes
    }

    private func gap(_ firstID: Int64, _ lastID: Int64, _ state: IDGapState) -> IDGap {
        IDGap(instrument: instrument, firstID: firstID, lastID: lastID, state: state)
    }

    private func remove(_ firstID: Int64) -> IDGapChange {
        .remove(instrument: instrument, firstID: firstID)
    }

    /// The seconds that overlap an open gap.
    private func seconds(_ sequence: TradeSequence, _ range: ClosedRange<Int64>) -> [Int64] {
        range.filter { sequence.hasOpenGap(from: .milliseconds($0 * 1000), to: .milliseconds($0 * 1000 + 1000)) }
    }
}

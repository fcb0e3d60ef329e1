import MarketData
import TestSupport
import Testing

@testable import PairEngine

@Suite struct PairAlignerTests {
    @Test("Slots are returned in order, each once, with the bars of both legs")
    func order() throws {
        var aligner = aligner()
        for slot in [1, 2, 4, 6] as [Int64] { aligner.appendY(try bar(slot, price: Double(slot))) }
        for slot in [2, 3, 6] as [Int64] { aligner.appendX(try bar(slot, price: 10 * Double(slot))) }
        var found: [String] = []
        while let slot = aligner.next(watermark: nil, deadline: nil) { found.append(text(slot)) }
        #expect(found == ["1: 1.0 -", "2: 2.0 20.0", "3: - 30.0", "4: 4.0 -", "6: 6.0 60.0"])
        #expect(!aligner.isWaiting)
    }

    @Test("A lone bar waits for the watermark or for its time to run out, counted from its arrival")
    func waiting() throws {
        var aligner = aligner()
        aligner.appendX(try bar(7, price: 1))
        #expect(aligner.next(watermark: at(7.9), deadline: at(1000)) == nil)
        aligner.setArrival(at(20))
        aligner.setArrival(at(30))
        #expect(aligner.next(watermark: at(7.9), deadline: at(19.9)) == nil)
        var other = aligner
        #expect(other.next(watermark: at(8), deadline: nil).map(text) == "7: - 1.0")
        #expect(aligner.next(watermark: nil, deadline: at(20)).map(text) == "7: - 1.0")
        #expect(!aligner.isWaiting)
    }

    @Test("A bar of a slot that is complete already is dropped")
    func tooLate() throws {
        var aligner = aligner()
        aligner.appendY(try bar(7, price: 1))
        _ = aligner.next(watermark: at(8), deadline: nil)
        aligner.appendX(try bar(7, price: 1))
        aligner.appendY(try bar(6, price: 1))
        #expect(!aligner.isWaiting)
        aligner.appendX(try bar(8, price: 1))
        #expect(aligner.isWaiting)
    }

    @Test("Absence is stale, a gap is a gap, and a slot with both closes misses nothing")
    func missing() {
        let close = AlignedSlot.Leg.close(1, isCarried: true)
        let cases: [(AlignedSlot.Leg, AlignedSlot.Leg, UndefinedReason?)] = [
            (close, close, nil), (close, .gap, .gap), (.gap, close, .gap), (.gap, .gap, .gap), (close, .absent, .stale),
            (.absent, close, .stale), (.gap, .absent, .stale), (.absent, .gap, .stale),
        ]
        for (y, x, reason) in cases {
            #expect(AlignedSlot(slot: 0, y: y, x: x).missing == reason)
        }
    }

    private func aligner() -> PairAligner {
        PairAligner()
    }

    private func bar(_ slot: Int64, price: Double) throws -> PendingClose {
        let timeframe = try Timeframe.sample("1s")
        let bar = try #require(Leg.traded(price).bar(0, timeframe, slot: slot))
        return PendingClose(bar, AlignedSlot.Leg(bar, price: .level))
    }

    private func at(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: Int64(seconds * 1e6))
    }

    private func text(_ slot: AlignedSlot) -> String {
        let legs = [slot.y, slot.x].map { leg in
            switch leg {
            case .close(let price, _): "\(price)"
            case .gap: "gap"
            case .absent: "-"
            }
        }
        return "\(slot.slot): \(legs.joined(separator: " "))"
    }
}

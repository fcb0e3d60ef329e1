import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct CointegrationEvidenceTests {
    private static let window = 120
    private static let step = 12

    /// Two walks, or two legs whose spread has an autoregression.
    private static func legs(_ count: Int, persistence: Double?, seed: Int) -> (y: [Double], x: [Double]) {
        var random = SeededRandom(seed: seed)
        let x = random.walk(count)
        let own = persistence.map { random.autoregression($0, count: count) } ?? random.walk(count)
        return (zip(x, own).map { $0 + $1 }, x)
    }

    /// Counts the tests that end in a range of slots.
    private static func count(
        _ evidence: inout CointegrationEvidence,
        _ legs: (y: [Double], x: [Double]),
        slots: Range<Int>,
        legPValues: (y: Double?, x: Double?) = (nil, nil)
    ) throws -> [Double] {
        var values: [Double] = []
        for end in slots where end >= window && end.isMultiple(of: step) {
            let y = Array(legs.y[(end - window)..<end])
            let x = Array(legs.x[(end - window)..<end])
            let test = try MutualCointegration(y: y, x: x)
            _ = evidence.record(test, y: y, x: x, legPValues: legPValues, slot: Int64(end))
            values.append(evidence.value)
        }
        return values
    }

    private static var fresh: CointegrationEvidence { CointegrationEvidence(window: window, step: step) }

    @Test("Without a test there is no evidence")
    func empty() {
        var evidence = Self.fresh
        #expect(evidence.value == 1)
        #expect(!evidence.isProven)
        evidence.skip(slot: 12)
        #expect(evidence.value == 1)
        #expect(evidence.testsCounted == 0)
    }

    @Test("A cointegrated pair is proven until its spread has become a random walk")
    func provenAndLost() throws {
        var legs = Self.legs(1800, persistence: 0.7, seed: 3)
        var random = SeededRandom(seed: 4)
        var walk = 0.0
        for bar in 900..<1800 {
            walk += random.normal()
            legs.y[bar] = legs.x[bar] + walk
        }
        var evidence = Self.fresh
        _ = try Self.count(&evidence, legs, slots: 0..<720)
        #expect(evidence.isProven)
        #expect(evidence.value >= CointegrationEvidence.threshold)
        var provenBetween = 0
        for end in 720..<1800 {
            _ = try Self.count(&evidence, legs, slots: end..<(end + 1))
            let (value, lower) = (evidence.value, CointegrationEvidence.lowerThreshold)
            if value < CointegrationEvidence.threshold, value >= lower, evidence.isProven { provenBetween += 1 }
            if value < lower { #expect(!evidence.isProven) }
        }
        #expect(provenBetween > 0)
        #expect(!evidence.isProven)
    }

    @Test("Unrelated walks are not proven")
    func unrelated() throws {
        for seed in 0..<3 {
            var evidence = Self.fresh
            let values = try Self.count(&evidence, Self.legs(840, persistence: nil, seed: 60 + seed), slots: 0..<840)
            #expect(!evidence.isProven)
            #expect(values.allSatisfy { (1..<CointegrationEvidence.threshold).contains($0) })
        }
    }

    @Test("Only the last four windows count, also after gaps")
    func fourWindows() throws {
        var evidence = Self.fresh
        _ = try Self.count(&evidence, Self.legs(720, persistence: 0.6, seed: 8), slots: 0..<720)
        #expect(evidence.testsCounted == 4 * Self.window / Self.step)
        #expect(evidence.isProven)
        evidence.skip(slot: 720 + 240)
        #expect((1..<evidence.window).contains(evidence.testsCounted))
        evidence.skip(slot: 720 + 480)
        #expect(evidence.testsCounted == 0)
        #expect(evidence.value == 1)
        #expect(!evidence.isProven)
    }

    @Test("A slot counts once, and none is counted after a later one")
    func order() throws {
        var evidence = Self.fresh
        let legs = Self.legs(240, persistence: 0.7, seed: 9)
        _ = try Self.count(&evidence, legs, slots: 0..<240)
        let before = evidence
        _ = try Self.count(&evidence, legs, slots: 120..<200)
        #expect(evidence == before)
    }

    @Test("An encoded state continues to the last bit")
    func restored() throws {
        let legs = Self.legs(960, persistence: 0.85, seed: 10)
        var evidence = Self.fresh
        _ = try Self.count(&evidence, legs, slots: 0..<600)
        let data = try JSONEncoder().encode(evidence)
        var restored = try JSONDecoder().decode(CointegrationEvidence.self, from: data)
        #expect(restored == evidence)
        _ = try Self.count(&evidence, legs, slots: 600..<960)
        _ = try Self.count(&restored, legs, slots: 600..<960)
        #expect(restored == evidence)
        #expect(restored.value.bitPattern == evidence.value.bitPattern)
        let empty = Self.fresh
        #expect(try JSONDecoder().decode(CointegrationEvidence.self, from: JSONEncoder().encode(empty)) == empty)
    }

    @Test("A leg that rejects its unit root at the last test and a window earlier prevents the proof until it does not")
    func legRule() throws {
        let legs = Self.legs(960, persistence: 0.6, seed: 11)
        var evidence = Self.fresh
        _ = try Self.count(&evidence, legs, slots: 0..<600)
        #expect(evidence.isProven)
        _ = try Self.count(&evidence, legs, slots: 600..<696, legPValues: (y: 0.5, x: 0.001))
        #expect(evidence.isProven)
        _ = try Self.count(&evidence, legs, slots: 696..<760, legPValues: (y: 0.5, x: 0.001))
        #expect(evidence.isLegReverting)
        #expect(!evidence.isProven)
        _ = try Self.count(&evidence, legs, slots: 760..<780, legPValues: (y: 0.5, x: 0.2))
        #expect(!evidence.isLegReverting)
        #expect(evidence.isProven)
    }

    @Test("At most one bootstrap is drawn in a window, and only where the asymptotic p-value is small")
    func bootstrap() throws {
        var evidence = Self.fresh
        let legs = Self.legs(720, persistence: 0.7, seed: 12)
        var drawn: [Int64] = []
        for end in stride(from: 120, through: 720, by: 12) {
            let (y, x) = (Array(legs.y[(end - 120)..<end]), Array(legs.x[(end - 120)..<end]))
            let test = try MutualCointegration(y: y, x: x)
            let before = evidence.bootstrapSlot
            _ = evidence.record(test, y: y, x: x, legPValues: (nil, nil), slot: Int64(end))
            if let slot = evidence.bootstrapSlot, slot != before {
                drawn.append(slot)
                #expect(test.weaker.pValue < 0.1)
            }
        }
        #expect(drawn.count > 2)
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $1 - $0 >= 120 })
    }
}

import TestSupport
import Testing

@testable import PairStatistics

@Suite struct PairMomentsTests {
    @Test("Moments of a sample small enough for paper")
    func byHand() {
        let moments = PairMoments(x: [1, 2, 3, 6], y: [2, 2, 5, 7])
        #expect(moments.count == 4)
        #expect(moments.meanX == 3)
        #expect(moments.meanY == 4)
        #expect(moments.sumXX == 14)
        #expect(moments.sumYY == 18)
        #expect(moments.sumXY == 15)
    }

    @Test("A level a billion times the deviations costs no digits")
    func largeLevel() {
        let x = [1.0, 2, 3, 6].map { $0 + 4_000_000_000 }
        let moments = PairMoments(x: x, y: x)
        #expect(moments.sumXX == 14)
        #expect(moments.sumXY == 14)
        #expect(moments.meanX == 4_000_000_003)
    }

    @Test("A leg that never moves is flat though its mean is rounded", arguments: [0, 0.1, 1e-8, 7.3e-9, 123_456.7])
    func constant(level: Double) {
        let moving = (0..<101).map(Double.init)
        #expect(PairMoments(x: Array(repeating: level, count: 101), y: moving).hasFlatLeg)
    }

    @Test("After a part is removed the moments are those of the others", arguments: [0, 1, 5, 29, 30])
    func removal(count: Int) {
        var random = SeededRandom(seed: 8)
        let (x, y) = (random.walk(30), random.walk(30))
        let part = PairMoments(x: Array(x[..<count]), y: Array(y[..<count]))
        let rest = PairMoments(x: Array(x[count...]), y: Array(y[count...]))
        let found = PairMoments(x: x, y: y).removing(part)
        #expect(found.count == rest.count)
        for (found, expected) in [
            (found.meanX, rest.meanX), (found.meanY, rest.meanY), (found.sumXX, rest.sumXX),
            (found.sumYY, rest.sumYY), (found.sumXY, rest.sumXY),
        ] {
            #expect(abs(found - expected) < 1e-11)
        }
    }

    @Test("The squares that a line of a given slope leaves over are those about the means")
    func squaredResiduals() {
        let moments = PairMoments(x: [1, 2, 3, 6], y: [2, 2, 5, 7])
        // 18 - 2·2·15 + 4·14
        #expect(moments.squaredResiduals(slope: 2) == 14)
        #expect(PairMoments(x: [1, 2, 3], y: [2, 4, 6]).squaredResiduals(slope: 2) == 0)
    }

    @Test("Without observations all moments are 0")
    func empty() {
        let moments = PairMoments(x: [], y: [])
        #expect(moments.count == 0)
        #expect(moments.meanX == 0 && moments.sumYY == 0 && moments.sumXY == 0)
    }

    @Test(
        "A leg is flat up to a deviation of 1e-12 of its level, at any level",
        arguments: [1e-8, 1e-4, 1, 10, 1e8],
        [(0.9e-12, true), (1.1e-12, false)]
    )
    func flat(level: Double, quiet: (deviation: Double, isFlat: Bool)) {
        let (moving, isFlat, deviation) = ([1.0, 2, 3, 4], quiet.isFlat, quiet.deviation * level)
        let quiet = [level - deviation, level + deviation, level - deviation, level + deviation]
        #expect(PairMoments(x: quiet, y: moving).hasFlatLeg == isFlat)
        #expect(PairMoments(x: moving, y: quiet).hasFlatLeg == isFlat)
    }
}

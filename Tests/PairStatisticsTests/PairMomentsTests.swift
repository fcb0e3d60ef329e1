import PairStatistics
import Testing

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
        #expect(moments.varianceX == 14.0 / 3)
    }

    @Test("A level a billion times the deviations costs no digits")
    func largeLevel() {
        let x = [1.0, 2, 3, 6].map { $0 + 4_000_000_000 }
        let moments = PairMoments(x: x, y: x)
        #expect(moments.sumXX == 14)
        #expect(moments.sumXY == 14)
        #expect(moments.meanX == 4_000_000_003)
    }

    @Test("Nothing in, nothing out")
    func empty() {
        let moments = PairMoments(x: [], y: [])
        #expect(moments.count == 0)
        #expect(moments.varianceX == nil)
        #expect(PairMoments(x: [1], y: [1]).varianceY == nil)
    }

    @Test(
        "A leg is flat up to a relative deviation of 1e-6",
        arguments: [(0.9e-6, 1.0, true), (1.1e-6, 1.0, false), (0.9e-5, 10.0, true), (1.1e-5, 10.0, false)]
    )
    func flat(deviation: Double, level: Double, isFlat: Bool) {
        let moving = [1.0, 2, 3, 4]
        let quiet = [level - deviation, level + deviation, level - deviation, level + deviation]
        #expect(PairMoments(x: quiet, y: moving).hasFlatLeg == isFlat)
        #expect(PairMoments(x: moving, y: quiet).hasFlatLeg == isFlat)
    }
}

import Testing

@testable import PairStatistics

@Suite struct TotalLeastSquaresTests {
    private let x = FrozenPair.series.x
    private let y = FrozenPair.series.y

    @Test("The frozen pair equals the first singular vector")
    func frozen() throws {
        let fit = try TotalLeastSquares(PairMoments(x: x, y: y))
        #expect(abs(fit.slope - 1.7386394078526277) < 1e-11)
        let ours = try LinearFit(PairMoments(x: x, y: y))
        #expect(abs(fit.intercept + fit.slope * ours.meanX - ours.meanY) < 1e-13)
    }

    @Test("Swapping the legs inverts the slope")
    func symmetric() throws {
        let one = try TotalLeastSquares(PairMoments(x: x, y: y))
        let other = try TotalLeastSquares(PairMoments(x: y, y: x))
        #expect(abs(one.slope * other.slope - 1) < 1e-12)
    }

    @Test("A line of any slope is found", arguments: [1e-5, 0.3, 1, 4, 1e5])
    func line(slope: Double) throws {
        let values = (0..<50).map { Double($0) }
        for sign in [1.0, -1] {
            let fit = try TotalLeastSquares(PairMoments(x: values, y: values.map { 2 + sign * slope * $0 }))
            #expect(abs(fit.slope / (sign * slope) - 1) < 1e-9)
        }
    }

    @Test("Flat legs, a vertical line and short samples have none")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try TotalLeastSquares(PairMoments(x: [1, 2], y: [1, 2])) }
        #expect(throws: UndefinedStatistic.flatLeg) { try TotalLeastSquares(PairMoments(x: [1, 1, 1], y: [1, 2, 3])) }
        #expect(throws: UndefinedStatistic.flatLeg) {
            try TotalLeastSquares(PairMoments(x: [-1, 1, -1, 1], y: [-2, -2, 2, 2]))
        }
    }
}

import TestSupport
import Testing

@testable import PairStatistics

@Suite struct TheilSenTests {
    private let x = FrozenPair.series.x
    private let y = FrozenPair.series.y

    @Test("The frozen pair equals scipy")
    func frozen() throws {
        let fit = try TheilSen(x: x, y: y)
        #expect(abs(fit.slope - 1.66555680556065) < 1e-12)
        #expect(abs(fit.intercept - 0.34205100417736745) < 1e-11)
    }

    @Test("A quarter of the points may be anything")
    func outliers() throws {
        let values = (0..<100).map(Double.init)
        let response = values.map { 3 - 0.5 * $0 + ($0.truncatingRemainder(dividingBy: 4) == 0 ? 1e6 * $0 : 0) }
        #expect(abs(try TheilSen(x: values, y: response).slope + 0.5) < 1e-12)
    }

    @Test("Points with the same x make no slope")
    func ties() throws {
        let fit = try TheilSen(x: [1, 1, 2, 2], y: [1, 3, 2, 4])
        #expect(fit.slope == 1)
    }

    @Test(
        "The slope is the median of all slopes sorted, with and without ties",
        arguments: [3, 4, 10, 61, 400],
        [0.0, 0.5]
    )
    func bySorting(count: Int, grid: Double) throws {
        var random = SeededRandom(seed: UInt64(count))
        // On the grid most points share their x or y with others, and many are equal.
        let values = [random.walk(count), random.walk(count)].map { walk in
            walk.map { grid > 0 ? ($0 * grid).rounded() / grid : $0 }
        }
        let (x, y) = (values[0], values[1])
        var slopes: [Double] = []
        for i in x.indices {
            for j in x.indices where j > i && x[j] != x[i] { slopes.append((y[j] - y[i]) / (x[j] - x[i])) }
        }
        slopes.sort()
        let middle = slopes.count / 2
        let expected = slopes.count.isMultiple(of: 2) ? (slopes[middle - 1] + slopes[middle]) / 2 : slopes[middle]
        #expect(abs(try TheilSen(x: x, y: y).slope - expected) < 1e-13)
    }

    @Test("It has no fit where least squares has none")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try TheilSen(x: [1, 2], y: [1, 2]) }
        #expect(throws: UndefinedStatistic.tooFew) { try TheilSen(x: [1, 2, 3], y: [1, 2]) }
        #expect(throws: UndefinedStatistic.flatLeg) { try TheilSen(x: [2, 2, 2, 2], y: [1, 2, 3, 5]) }
    }
}

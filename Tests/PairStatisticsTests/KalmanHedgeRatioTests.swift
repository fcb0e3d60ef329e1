import TestSupport
import Testing

@testable import PairStatistics

@Suite struct KalmanHedgeRatioTests {
    /// Prices on a real scale: x walks, y follows it with the given slope and independent noise.
    private struct Market {
        var random: SeededRandom
        var x: Double
        let step: Double
        let noise: Double

        mutating func next(slope: Double, intercept: Double) -> (x: Double, y: Double) {
            x += step * random.normal()
            return (x, intercept + slope * x + noise * random.normal())
        }
    }

    /// A scale of prices and a true line on it.
    struct Scale: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let x: Double
        let step: Double
        let noise: Double
        let slope: Double
        let intercept: Double
    }

    static let scales = [
        Scale(testDescription: "log prices", x: 11, step: 4e-4, noise: 3e-4, slope: 1.3, intercept: -6),
        Scale(testDescription: "bitcoin in dollars", x: 60_000, step: 20, noise: 1, slope: 0.05, intercept: 40),
        Scale(testDescription: "cents", x: 0.02, step: 1e-5, noise: 5e-4, slope: 60, intercept: 0.1),
    ]

    private func start(_ market: inout Market, _ scale: Scale, memory: Double) throws -> KalmanHedgeRatio {
        let first = (0..<300).map { _ in market.next(slope: scale.slope, intercept: scale.intercept) }
        let fit = try LinearFit(PairMoments(x: first.map(\.x), y: first.map(\.y)))
        return try KalmanHedgeRatio(startingFrom: fit, memory: memory)
    }

    @Test("A constant ratio stays put, and innovations have unit variance, on every price scale", arguments: scales)
    func stable(scale: Scale) throws {
        var market = Market(random: SeededRandom(seed: 4), x: scale.x, step: scale.step, noise: scale.noise)
        var filter = try start(&market, scale, memory: 240)
        var squares = 0.0
        var largestMiss = 0.0
        let bars = 20_000
        for _ in 0..<bars {
            let (x, y) = market.next(slope: scale.slope, intercept: scale.intercept)
            let update = filter.update(x: x, y: y)
            let innovation = try #require(update)
            squares += innovation.zScore * innovation.zScore
            largestMiss = max(largestMiss, abs(filter.slope / scale.slope - 1))
            #expect(filter.slopeStandardError > 0)
        }
        #expect(abs(squares / Double(bars) - 1) < 0.05)
        // One standard deviation of x over the memory is about 15 steps.
        let resolution = scale.noise / (scale.slope * scale.step)
        #expect(largestMiss < 0.5 * max(resolution, 0.02))
    }

    @Test("A changed ratio is followed within a few memories")
    func follows() throws {
        let scale = Self.scales[0]
        var market = Market(random: SeededRandom(seed: 9), x: scale.x, step: scale.step, noise: scale.noise)
        var filter = try start(&market, scale, memory: 100)
        // The new line goes through the present point.
        let newIntercept = scale.intercept + (scale.slope - 1.8) * market.x
        for _ in 0..<1500 {
            let (x, y) = market.next(slope: 1.8, intercept: newIntercept)
            _ = filter.update(x: x, y: y)
        }
        #expect(abs(filter.slope - 1.8) < 0.1)
    }

    @Test("A deviation lasts: the filter keeps most of it over twenty bars")
    func keepsDeviation() throws {
        let scale = Self.scales[1]
        var market = Market(random: SeededRandom(seed: 1), x: scale.x, step: scale.step, noise: scale.noise)
        var filter = try start(&market, scale, memory: 240)
        let deviation = 6 * scale.noise
        var sum = 0.0
        for _ in 0..<20 {
            let (x, y) = market.next(slope: scale.slope, intercept: scale.intercept)
            let update = filter.update(x: x, y: y + deviation)
            sum += try #require(update).spread
        }
        #expect(sum / 20 > 0.7 * deviation)
    }

    @Test("After a shock of 30 % the variances are finite and positive, and the filter recovers")
    func shock() throws {
        let scale = Self.scales[0]
        var market = Market(random: SeededRandom(seed: 12), x: scale.x, step: scale.step, noise: scale.noise)
        var filter = try start(&market, scale, memory: 100)
        for bar in 0..<5000 {
            let (x, y) = market.next(slope: scale.slope, intercept: scale.intercept)
            let update = filter.update(x: x, y: bar == 100 ? y + 0.3 : y)
            let innovation = try #require(update)
            #expect(innovation.zScore.isFinite && filter.observationVariance > 0)
        }
        #expect(abs(filter.slope - scale.slope) < 0.1)
        #expect(abs(filter.intercept - scale.intercept) < 1.2)
    }

    @Test("A value that is not finite changes nothing", arguments: [Double.nan, .infinity])
    func notFinite(value: Double) throws {
        let (x, y) = FrozenPair.series
        var filter = try KalmanHedgeRatio(startingFrom: LinearFit(PairMoments(x: x, y: y)), memory: 50)
        let before = filter
        #expect(filter.update(x: value, y: 1) == nil)
        #expect(filter.update(x: 1, y: value) == nil)
        #expect(filter == before)
    }

    @Test("A perfect fit or a memory of one bar cannot start it")
    func undefined() throws {
        let values = (0..<50).map(Double.init)
        let perfect = try LinearFit(PairMoments(x: values, y: values))
        #expect(throws: UndefinedStatistic.collinear) { try KalmanHedgeRatio(startingFrom: perfect, memory: 50) }
        let (x, y) = FrozenPair.series
        let fit = try LinearFit(PairMoments(x: x, y: y))
        #expect(throws: UndefinedStatistic.tooFew) { try KalmanHedgeRatio(startingFrom: fit, memory: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try KalmanHedgeRatio(startingFrom: fit, memory: .nan) }
    }
}

import TestSupport
import Testing

@testable import PairStatistics

@Suite struct WildBootstrapTests {
    private static func walks(_ count: Int, seed: Int) -> (y: [Double], x: [Double]) {
        var random = SeededRandom(seed: seed)
        return (random.walk(count), random.walk(count))
    }

    @Test("The same seed gives the same draws, another seed others")
    func seeded() throws {
        let (y, x) = Self.walks(120, seed: 4)
        let first = try WildBootstrap(y: y, x: x, draws: 199, seed: 9)
        #expect(first == (try WildBootstrap(y: y, x: x, draws: 199, seed: 9)))
        #expect(first.line != (try WildBootstrap(y: y, x: x, draws: 199, seed: 10).line))
        #expect(first.draws == 199)
        #expect(first.pValue == Double(1 + first.drawsBelow) / 200)
    }

    @Test("For Gaussian walks the draws agree with the table")
    func gaussian() throws {
        var differences: [Double] = []
        for seed in 0..<8 {
            let (y, x) = Self.walks(200, seed: 40 + seed)
            let bootstrap = try WildBootstrap(y: y, x: x, draws: 199, seed: 1)
            let table = try MutualCointegration(y: y, x: x).finiteSampleProbit
            differences.append(bootstrap.line[0] + bootstrap.line[1] * table - table)
        }
        let mean = differences.reduce(0, +) / Double(differences.count)
        #expect(abs(mean) < 0.25)
    }

    @Test("A burst of volatility does not pass for cointegration")
    func burst() throws {
        var (table, bootstrap) = (0.0, 0.0)
        for seed in 0..<8 {
            var random = SeededRandom(seed: 900 + seed)
            var (y, x) = ([0.0], [0.0])
            for bar in 1..<240 {
                let size = (100..<130).contains(bar) ? 8.0 : 1
                y.append(y[bar - 1] + size * random.normal())
                x.append(x[bar - 1] + size * random.normal())
            }
            let result = try WildBootstrap(y: y, x: x, draws: 199, seed: UInt64(seed))
            // The probit of the same statistic in both.
            table += -2.0
            bootstrap += result.line[0] - 2 * result.line[1]
        }
        #expect(bootstrap > table + 1.5)
    }

    @Test("Prices that bounce are recognised and the bounce is part of the null")
    func bounce() throws {
        var shifts = 0.0
        for seed in 0..<8 {
            var random = SeededRandom(seed: 1200 + seed)
            let x = random.walk(240)
            let own = random.walk(240)
            let y = zip(x, own).map { 0.9 * $0 + 0.44 * $1 }
            let noisyX = x.map { $0 + (random.uniform() < 0.5 ? 2 : -2) }
            let noisyY = y.map { $0 + (random.uniform() < 0.5 ? 2 : -2) }
            let result = try WildBootstrap(y: noisyY, x: noisyX, draws: 199, seed: 3)
            #expect(result.bounce > 0.4)
            shifts += result.line[0] - 3 * result.line[1] + 3
        }
        #expect(shifts / 8 > 0.5)
    }

    @Test("Scales of the legs do not matter", arguments: [1e-6, 1e6])
    func scale(factor: Double) throws {
        let (y, x) = Self.walks(120, seed: 5)
        let original = try WildBootstrap(y: y, x: x, draws: 99, seed: 2)
        let scaled = try WildBootstrap(y: y.map { $0 * factor }, x: x.map { $0 / factor }, draws: 99, seed: 2)
        #expect(abs(original.statistic - scaled.statistic) < 1e-8)
        #expect(original.drawsBelow == scaled.drawsBelow)
    }

    @Test("A spread that reverts within a bar is not mistaken for bounce")
    func fast() throws {
        var random = SeededRandom(seed: 21)
        let x = random.walk(240)
        let result = try WildBootstrap(y: x.map { $0 + random.normal() }, x: x, draws: 99, seed: 2)
        #expect(result.bounce == 0)
    }

    @Test("A leg that repeats its price catches up with the sign of its block")
    func stale() {
        let changes = (y: [0.0, 0, 2, 1, 0, 1], x: [1.0, -1, 1, 1, 1, 2])
        let levels = [changes.y, changes.x].map { $0.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1) } }
        let null = NullWalks(y: levels[0], x: levels[1], changes.y, changes.x)
        #expect(null.blocks == [0, 0, 0, 1, 2, 2])
    }

    @Test("Below all draws the p-value is extrapolated by the line")
    func tail() throws {
        var random = SeededRandom(seed: 6)
        let x = random.walk(240)
        let noise = random.autoregression(0.3, count: 240)
        let result = try WildBootstrap(y: zip(x, noise).map { $0 + $1 }, x: x, draws: 199, seed: 2)
        #expect(result.drawsBelow == 0)
        #expect(Normal.cumulative(result.probit) < result.pValue)
    }

    @Test("Degenerate legs have a reason instead of a number")
    func undefined() {
        let (y, x) = Self.walks(60, seed: 1)
        let flat = [Double](repeating: 2, count: 60)
        #expect(throws: UndefinedStatistic.flatLeg) { try WildBootstrap(y: flat, x: x, seed: 1) }
        #expect(throws: UndefinedStatistic.collinear) { try WildBootstrap(y: x, x: x, seed: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try WildBootstrap(y: y, x: Array(x.dropLast()), seed: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try WildBootstrap(y: [1, 2, 3], x: [2, 1, 3], seed: 1) }
        #expect(throws: UndefinedStatistic.tooFew) { try WildBootstrap(y: y.map { $0 - .nan }, x: x, seed: 1) }
    }
}

import Foundation
import PairStatistics
import TestSupport
import Testing

@Suite struct BlockCorrelationsTests {
    private func window(_ x: [Double], _ y: [Double], capacity: Int, gapEvery: Int? = nil) -> RollingPairWindow {
        var window = RollingPairWindow(capacity: capacity)
        for bar in x.indices {
            let isGap = gapEvery.map { bar % $0 == 2 } ?? false
            window.append(x: isGap ? .nan : x[bar], y: y[bar])
        }
        return window
    }

    @Test("Equal to the definition, block by block before the last one", arguments: [20, 21, 4])
    func definition(length: Int) throws {
        var random = SeededRandom(seed: 31)
        let x = random.walk(300)
        let y = zip(x, random.walk(300)).map { $0 + $1 }
        let found = try #require(window(x, y, capacity: 200).blockCorrelations(length: length, atLeast: length))
        let steps = [x, y].map { leg in zip(leg.dropFirst(), leg).map { $0 - $1 }.suffix(199) as [Double] }
        var values: [Double] = []
        for end in stride(from: 199 - length, through: length, by: -(length / 4)) {
            let block = (end - length)..<end
            values.append(
                atanh(try Correlation.pearson(PairMoments(x: Array(steps[0][block]), y: Array(steps[1][block]))))
            )
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        if length > 4 {
            #expect(abs(found.mean - mean) < 1e-10)
            #expect(abs(found.variance - max(variance, 1 / Double(length - 3))) < 1e-10)
        }
        #expect(found.count == Double(199 - length) / Double(length))
        let error = (found.variance * (1 + 1 / found.count)).squareRoot()
        #expect(abs(found.distance(of: 0.1) - (atanh(0.1) - found.mean) / error) < 1e-12)
    }

    @Test("Volatility that clusters in one leg widens the standard error")
    func clustering() throws {
        var random = SeededRandom(seed: 7)
        var calm: (x: [Double], y: [Double]) = ([], [])
        var clustered: (x: [Double], y: [Double]) = ([], [])
        var (x, y, z) = (0.0, 0.0, 0.0)
        for bar in 0..<240 {
            let (common, own) = (random.normal(), random.normal())
            x += common
            y += 2 * common + own
            z += 2 * common + own * (bar / 40 % 2 == 0 ? 0.3 : 3)
            calm = (calm.x + [x], calm.y + [y])
            clustered = (clustered.x + [x], clustered.y + [z])
        }
        let even = try #require(window(calm.x, calm.y, capacity: 240).blockCorrelations(length: 20, atLeast: 16))
        let uneven = try #require(
            window(clustered.x, clustered.y, capacity: 240).blockCorrelations(length: 20, atLeast: 16)
        )
        #expect(even.variance < 0.12)
        #expect(uneven.variance > 0.3)
        #expect(abs(uneven.distance(of: 0)) < abs(even.distance(of: 0)))
    }

    @Test("Too few blocks, returns or movement give nothing")
    func tooFew() {
        var random = SeededRandom(seed: 9)
        let (x, y) = (random.walk(200), random.walk(200))
        #expect(window(x, y, capacity: 44).blockCorrelations(length: 20, atLeast: 20) == nil)
        #expect(window(x, y, capacity: 46).blockCorrelations(length: 20, atLeast: 20) != nil)
        #expect(window(x, y, capacity: 100).blockCorrelations(length: 3, atLeast: 3) == nil)
        #expect(window(x, y, capacity: 100, gapEvery: 5).blockCorrelations(length: 20, atLeast: 16) == nil)
        let still = Array(repeating: 5.0, count: 200)
        #expect(window(x, still, capacity: 100).blockCorrelations(length: 20, atLeast: 16) == nil)
    }
}

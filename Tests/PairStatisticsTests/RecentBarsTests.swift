import Foundation
import PairStatistics
import TestSupport
import Testing

@Suite struct RecentBarsTests {
    private func window(_ values: [(x: Double, y: Double)?], capacity: Int) -> RollingPairWindow {
        var window = RollingPairWindow(capacity: capacity)
        for value in values {
            if let value { window.append(x: value.x, y: value.y) } else { window.appendGap() }
        }
        return window
    }

    private func walk(_ count: Int, gaps: Bool) -> [(x: Double, y: Double)?] {
        var random = SeededRandom(seed: 77)
        return zip(random.walk(count), random.walk(count)).enumerated().map { index, value in
            gaps && index % 7 == 3 ? nil : (x: value.0, y: value.1)
        }
    }

    @Test("The robust width equals its definition", arguments: [false, true], [4, 5, 20, 60])
    func deviation(gaps: Bool, count: Int) throws {
        let values = walk(150, gaps: gaps)
        let window = window(values, capacity: 60)
        let fit = try LinearFit(window.levels)
        let residuals = values.suffix(count).compactMap { $0.map { fit.residual(x: $0.x, y: $0.y) } }
        func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            let half = sorted.count / 2
            return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
        }
        let center = median(residuals)
        let expected = 1.4826 * median(residuals.map { abs($0 - center) })
        let found = try #require(window.robustDeviation(of: fit, last: count, atLeast: 1))
        #expect(abs(found - expected) <= 1e-12 * expected)
        #expect(window.robustDeviation(of: fit, last: count, atLeast: residuals.count + 1) == nil)
    }

    @Test("One outlier hardly moves the robust width")
    func outlier() throws {
        var values = walk(60, gaps: false)
        let fit = try LinearFit(window(values, capacity: 60).levels)
        let before = try #require(window(values, capacity: 60).robustDeviation(of: fit, last: 20, atLeast: 1))
        values[50] = (x: 0, y: 1e9)
        let after = try #require(window(values, capacity: 60).robustDeviation(of: fit, last: 20, atLeast: 1))
        #expect(after < 1.5 * before)
    }

    @Test("Recent returns are the changes between adjacent values", arguments: [false, true], [3, 20, 200])
    func returns(gaps: Bool, count: Int) {
        let values = walk(100, gaps: gaps)
        let window = window(values, capacity: 60)
        let changes = zip(values, values.dropFirst()).suffix(min(count, 59)).compactMap { before, after in
            before.flatMap { before in after.map { (x: $0.x - before.x, y: $0.y - before.y) } }
        }
        let expected = PairMoments(x: changes.map(\.x), y: changes.map(\.y))
        let found = window.returns(last: count)
        #expect(found.count == expected.count)
        #expect(abs(found.sumXY - expected.sumXY) < 1e-10 && abs(found.sumXX - expected.sumXX) < 1e-10)
    }

    @Test("An empty window has no recent bars")
    func empty() throws {
        let full = window(walk(30, gaps: false), capacity: 30)
        let fit = try LinearFit(full.levels)
        #expect(RollingPairWindow(capacity: 20).robustDeviation(of: fit, last: 5, atLeast: 0) == nil)
        #expect(RollingPairWindow(capacity: 20).returns(last: 5).count == 0)
    }

    @Test("Correlations differ by Fisher's transformation, in standard errors")
    func difference() throws {
        let found = try #require(Correlation.fisherDifference(0.2, observations: 20, 0.8, observations: 240))
        let expected = (atanh(0.2) - atanh(0.8)) / sqrt(1.0 / 17 + 1.0 / 237)
        #expect(abs(found - expected) < 1e-12)
        #expect(Correlation.fisherDifference(0.2, observations: 3, 0.8, observations: 240) == nil)
        #expect(Correlation.fisherDifference(1, observations: 20, 0.8, observations: 240) == nil)
    }
}

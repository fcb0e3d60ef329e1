import TestSupport
import Testing

@testable import PairStatistics

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

    @Test("The robust width of changes equals its definition", arguments: [false, true], [4, 5, 20, 60])
    func robustChange(gaps: Bool, count: Int) throws {
        let values = walk(150, gaps: gaps)
        let window = window(values, capacity: 80)
        let sizes = zip(values, values.dropFirst()).suffix(count).compactMap { before, after in
            before.flatMap { before in after.map { abs($0.y - before.y - 0.7 * ($0.x - before.x)) } }
        }.sorted()
        let position = 0.8 * Double(sizes.count - 1)
        let (lower, upper) = (Int(position), min(Int(position) + 1, sizes.count - 1))
        let quantile = sizes[lower] + (position - Double(lower)) * (sizes[upper] - sizes[lower])
        let found = try #require(window.robustChange(ofResidualWithSlope: 0.7, last: count, atLeast: 1))
        #expect(abs(found * 1.2815515655446004 - quantile) <= 1e-12 * quantile)
        #expect(window.robustChange(ofResidualWithSlope: 0.7, last: count, atLeast: sizes.count + 1) == nil)
    }

    @Test("For many normal changes the robust width is their standard deviation")
    func normalChanges() throws {
        let window = window(walk(20_001, gaps: false), capacity: 20_001)
        let width = try #require(window.robustChange(ofResidualWithSlope: 2, last: 2000, atLeast: 2000))
        // Of y - 2x, both of unit innovations; four standard errors.
        #expect(abs(width / 5.0.squareRoot() - 1) < 0.1)
    }

    @Test("A few outliers hardly move the robust width of changes")
    func outliers() throws {
        var values = walk(60, gaps: false)
        let before = try #require(
            window(values, capacity: 60).robustChange(ofResidualWithSlope: 0, last: 20, atLeast: 1)
        )
        values[50] = (x: 0, y: 1e9)
        let after = try #require(
            window(values, capacity: 60).robustChange(ofResidualWithSlope: 0, last: 20, atLeast: 1)
        )
        #expect(after < 2 * before)
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
    func empty() {
        let empty = RollingPairWindow(capacity: 20)
        #expect(empty.robustChange(ofResidualWithSlope: 1, last: 5, atLeast: 0) == nil)
        #expect(empty.decoupling(last: 5, atLeast: 0) == nil)
        #expect(RollingPairWindow(capacity: 20).returns(last: 5).count == 0)
    }
}

import Testing

@testable import PrometheusExposition

@Suite struct NativeHistogramTests {
    private func histogram(_ values: [Double]) -> NativeHistogram {
        var histogram = NativeHistogram()
        for value in values { histogram.observe(value) }
        return histogram
    }

    @Test(
        "bucket i of schema 3 counts values above 2^((i-1)/8) and up to 2^(i/8)",
        arguments: [
            (1.0, 0), (1.0.nextUp, 1), (1.0.nextDown, 0), (2.0, 8), (2.0.nextUp, 9), (0.5, -8), (0.5.nextDown, -8),
            (0.5.nextUp, -7), (1.0905077326652577, 1), (1.0905077326652577.nextUp, 2), (0.001, -79), (0.3, -13),
            (60, 48), (1e300, 7973), (0x1p-127, -1016),
        ]
    )
    func bucket(value: Double, index: Int) {
        #expect(histogram([value]).positive.runs == [index..<(index + 1)])
        #expect(histogram([-value]).negative.runs == [index..<(index + 1)])
    }

    @Test("values close to zero count as zero")
    func zero() {
        let found = histogram([0, -0.0, 0x1p-128, 1e-300, -1e-300])
        #expect(found.zeroCount == 5)
        #expect(found.positive.isEmpty && found.negative.isEmpty)
    }

    @Test("buckets that are not empty form runs")
    func runs() {
        let found = histogram([1, 1, 1.05, 2, 2.1, 2.1, 0.25])
        #expect(found.positive.runs == [-16 ..< -15, 0..<2, 8..<10])
        #expect([-16, 0, 1, 8, 9, 10].map { found.positive[$0] } == [1, 2, 1, 1, 2, 0])
    }

    @Test("values over many magnitudes halve the resolution, and every one stays in the bucket of its size")
    func resolution() {
        let values = (0..<400).map { 1e-9 * Double(1 << ($0 % 50)) }
        let found = histogram(values)
        #expect(found.schema < NativeHistogram.initialSchema)
        #expect(found.positive.width <= NativeHistogram.maximumWidth)
        var expected: [Int: UInt64] = [:]
        for value in values {
            // The bounds by repeated squaring, which needs no logarithm.
            let scale = 1 << (NativeHistogram.initialSchema - found.schema)
            let fine = histogram([value]).positive.runs[0].lowerBound
            expected[Int((Double(fine) / Double(scale)).rounded(.up)), default: 0] += 1
        }
        for run in found.positive.runs {
            for index in run { #expect(found.positive[index] == expected[index]) }
        }
        #expect(found.positive.runs.joined().map { found.positive[$0] }.reduce(0, +) == 400)
    }
}

import Testing

@testable import PrometheusExposition

@Suite struct NumberTextTests {
    private func text(_ value: Double, _ style: NumberText) -> String {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: NumberText.capacity) { style.append(value, to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "samples of the text format are plain decimals, with an exponent only where they are very small or large",
        arguments: [
            (0.0, "0"), (-0.0, "-0"), (1, "1"), (-12, "-12"), (100, "100"), (0.1, "0.1"), (-1.25, "-1.25"),
            (0.0001, "0.0001"), (0.00001, "1e-05"), (0.000123, "0.000123"), (1.5e-7, "1.5e-07"), (1e-300, "1e-300"),
            (1_234_567, "1234567"), (12_345_678_901, "12345678901"), (9_007_199_254_740_991, "9007199254740991"),
            (9_999_999_999_999_998, "9999999999999998"), (1e16, "1e+16"), (1.2345e20, "1.2345e+20"),
            (0.1 + 0.2, "0.30000000000000004"), (1_723_075_200.25, "1723075200.25"), (.leastNonzeroMagnitude, "5e-324"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"), (1.7976931348623157e308, "1.7976931348623157e+308"),
            (-1.2345678901234568e-305, "-1.2345678901234568e-305"),
        ]
    )
    func textSamples(value: Double, expected: String) {
        #expect(text(value, .text) == expected)
    }

    @Test(
        "floats of OpenMetrics have a point or an exponent",
        arguments: [(0.0, "0.0"), (12, "12.0"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (0.5, "0.5")]
    )
    func openMetricsSamples(value: Double, expected: String) {
        #expect(text(value, .openMetrics) == expected)
    }

    @Test(
        "bucket bounds are the canonical numbers of OpenMetrics, and those of Go in the text format",
        arguments: [
            (1e-10, "1e-10", "1e-10"), (1e-5, "1e-05", "1e-05"), (0.0001, "0.0001", "0.0001"), (0.1, "0.1", "0.1"),
            (1, "1.0", "1"), (100_000, "100000.0", "100000"), (1e6, "1e+06", "1e+06"), (1e10, "1e+10", "1e+10"),
            (1_234_567, "1.234567e+06", "1.234567e+06"), (2.5, "2.5", "2.5"),
        ]
    )
    func bounds(value: Double, openMetrics: String, goText: String) {
        #expect(text(value, .openMetricsBound) == openMetrics)
        #expect(text(value, .textBound) == goText)
    }

    @Test("counts are written in full", arguments: [0, 9, 10, 99, 100, 101, 1_000_000, UInt64.max])
    func counts(count: UInt64) {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: NumberText.capacity) { NumberText.append(count, to: &$0) }
        #expect(String(decoding: bytes, as: UTF8.self) == "\(count)")
    }
}

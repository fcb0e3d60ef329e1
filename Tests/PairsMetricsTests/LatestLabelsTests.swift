import PrometheusExposition
import Testing

@testable import PairsMetrics

@Suite struct LatestLabelsTests {
    @Test("labels are made for the first content of a series, and again when the content changes")
    func made() {
        let latest = LatestLabels<String>(count: 2)
        var made = 0
        func labels(_ position: Int, _ content: String) -> LabelSet {
            latest.labels(at: position, content: content) {
                made += 1
                return ["reason": content]
            }
        }
        for _ in 0..<3 { #expect(labels(0, "gap") == ["reason": "gap"]) }
        #expect(made == 1)
        #expect(labels(1, "stale") == ["reason": "stale"])
        #expect(made == 2)
        #expect(labels(0, "stale") == ["reason": "stale"])
        #expect(labels(1, "stale") == ["reason": "stale"])
        #expect(made == 3)
        #expect(labels(0, "gap") == ["reason": "gap"])
        #expect(made == 4)
    }
}

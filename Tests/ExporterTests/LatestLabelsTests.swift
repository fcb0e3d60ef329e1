import PrometheusExposition
import Testing

@testable import Exporter

@Suite struct LatestLabelsTests {
    @Test("labels are made when a series first says something, and again when it says something else")
    func made() {
        let latest = LatestLabels<String>(count: 2)
        var made = 0
        func labels(_ position: Int, _ content: String) -> LabelSet {
            latest.labels(at: position, saying: content) {
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

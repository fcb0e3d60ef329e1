import Foundation
import PairsApp
import PrometheusExposition
import Testing

@Suite struct MetricFamiliesTests {
    private static let readme = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "README.md"
        )
    private static let start = "<!-- metrics: "
    private static let end = "<!-- end of metrics -->"

    @Test("Every family keeps the naming rules, and no name is used twice")
    func valid() throws {
        for family in MetricFamilies.all { try family.validate() }
        #expect(throws: Never.self) { try MetricsRegistry(families: MetricFamilies.all, collectors: []) }
    }

    /// With `UPDATE_README=1` in the environment the section is written instead of compared.
    @Test("The README has the present catalogue")
    func documented() throws {
        let readme = try String(contentsOf: Self.readme, encoding: .utf8)
        let start = try #require(readme.range(of: Self.start))
        let head = try #require(readme[start.upperBound...].firstIndex(of: "\n"))
        let end = try #require(readme.range(of: Self.end))
        let section = "\n\n\(MetricFamilies.markdown)\n\n"
        if ProcessInfo.processInfo.environment["UPDATE_README"] == nil {
            #expect(
                readme[head..<end.lowerBound] == section,
                "run this test with UPDATE_README=1 and commit the README"
            )
        } else {
            let updated = readme[..<head] + section + readme[end.lowerBound...]
            try String(updated).write(to: Self.readme, atomically: true, encoding: .utf8)
        }
    }
}

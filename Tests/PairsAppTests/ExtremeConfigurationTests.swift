import Foundation
import PairsApp
import Testing

/// Every key of the documented configuration with every extreme value: a value or an error, never a trap, which would
/// end this process.
@Suite struct ExtremeConfigurationTests {
    private static let extremes = [
        "0", "-1", "1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616",
        "9007199254740993", "1e308", "-1e308", "1e-308", "1e999", ".nan", ".inf", "nan", "inf", "-inf", "0.0", "-0.0",
        "9223372036854775807s", "9223372036854775807y", "9223372036854ms", "100y", "-5d", "0ms", "0s", "٦٠", "0x10",
        "~",
        "''", "\"\"", "[]", "{}", "[[]]", "true", String(repeating: "9", count: 400),
        String(repeating: "x", count: 4000),
        "9223372036854775807m", "7d", "99999999999d", "\":memory:\"",
    ]

    /// The example of the README, with the keys that it comments out.
    private static func example() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "README.md")
        let readme = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(readme.range(of: "## Configuration"))
        let block = try #require(readme[start.upperBound...].range(of: "```yaml\n"))
        let end = try #require(readme[block.upperBound...].range(of: "```"))
        let lines = readme[block.upperBound..<end.lowerBound].split(separator: "\n").map { line in
            line.replacing(/# (every_bars)/) { "\($0.1)" }.prefix { $0 != "#" }
        }
        return lines.joined(separator: "\n") + """

                name: pair
                export: core
            """
    }

    @Test("The documented example is valid, and with each key at its extremes there is no trap")
    func documented() throws {
        let example = try Self.example()
        _ = try Configuration(yaml: example, file: "README.md")
        try walk(example, atLeast: 45)
    }

    @Test("The keys of a simulated market and of a replay at their extremes cause no trap")
    func sources() throws {
        try walk(
            """
            feeds:
              - venue: simulated
                simulated:
                  seed: 1
                  instruments:
                    - {symbol: A, price: 1, trades_per_second: 1, price_decimals: 1, quantity_decimals: 1, mean_quantity: 1}
                    - {symbol: B, driver: A, hedge_ratio: 1, half_life: 5s, spread_volatility: 0.1, volatility: 0.01}
                  episodes:
                    - {kind: decoupling, instrument: B, start: 1s, duration: 5s, factor: 2}
            pairs:
              - {y: "simulated:B", x: "simulated:A"}
            """,
            atLeast: 20
        )
        try walk(
            """
            feeds:
              - venue: replay
                replay: {path: none.csv, speed: 1}
            pairs:
              - {y: "replay:B", x: "replay:A"}
            """,
            atLeast: 5
        )
    }

    /// Replaces each value, one after another, by each extreme; what is accepted must have a summary.
    private func walk(_ document: String, atLeast count: Int) throws {
        let values = document.matches(of: /([a-z_0-9]+): *("[^"]*"|\[[^\]\n]*\]|[^\s,{}\[\]#]+)/)
        #expect(values.count >= count, "\(values.count) keys found")
        for value in values {
            for extreme in Self.extremes {
                let text = document.replacingCharacters(in: value.2.startIndex..<value.2.endIndex, with: extreme)
                do {
                    let configuration = try Configuration(yaml: text, file: "f.yml")
                    #expect(!configuration.summary.isEmpty)
                    for timeframe in configuration.timeframes {
                        #expect(configuration.barsRetention(of: timeframe) > 0)
                    }
                } catch {
                    #expect(error.description.utf8.count < 5000, "\(value.1): \(extreme.prefix(40))")
                }
            }
        }
    }
}

/// Durations as configuration writes them: a whole number and `ms`, `s`, `m`, `h`, `d` or `y`.
package enum DurationText {
    private static let units: [(suffix: String, microseconds: Int64)] = [
        ("ms", 1000),
        ("s", 1_000_000),
        ("m", 60_000_000),
        ("h", 3_600_000_000),
        ("d", 86_400_000_000),
        ("y", 365 * 86_400_000_000),
    ]

    /// The duration in microseconds, nil unless the text is one.
    package static func microseconds(_ text: String) -> Int64? {
        for unit in units where text.hasSuffix(unit.suffix) {
            let figures = text.dropLast(unit.suffix.count)
            guard !figures.isEmpty, figures.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int64(figures) else {
                continue
            }
            let (value, overflow) = count.multipliedReportingOverflow(by: unit.microseconds)
            return overflow ? nil : value
        }
        return nil
    }

    /// The shortest way to write a duration.
    package static func text(_ microseconds: Int64) -> String {
        for unit in units.reversed() where microseconds.isMultiple(of: unit.microseconds) && microseconds > 0 {
            return "\(microseconds / unit.microseconds)\(unit.suffix)"
        }
        return "\(microseconds)us"
    }
}

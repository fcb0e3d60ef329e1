import Foundation

/// Measures the published results on simulated pairs with known parameters, and writes one line of JSON per table.
///
/// `Calibration [--pairs N] [--jobs N] [--seed N] [ROW]...` measures the named rows, or all. `Calibration bars` writes
/// the bars of a few pairs, `Calibration readings` the readings of their replay: `calibrate.py` gives the bars to the
/// program and compares.
@main
enum Calibration {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "bars": ProgramCheck.writeBars()
        case "readings": ProgramCheck.writeReadings()
        default: await measure(arguments)
        }
    }

    /// The rows of the report: a name, and the measurement.
    private static let rows: [(name: String, measure: @Sendable (Study) async -> [Table])] = [
        ("1", ConfidenceRow.tables),
        ("2", ProvenRow.tables),
        ("3", SlopeRow.tables),
        ("4", HalfLifeRow.tables),
        ("5", PeggedRow.tables),
        ("6", SizeRow.tables),
        ("7", VolatilityRow.tables),
        ("8", CorrelationRow.tables),
        ("9", BreakRow.tables),
        ("16", ExtremesRow.tables),
        ("evidence", RunLengthRow.tables),
        ("z", ScoreRow.tables),
    ]

    private static func measure(_ arguments: [String]) async {
        var settings = (pairs: 300, jobs: 2, seed: UInt64(20_261_130))
        var wanted: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--pairs": settings.pairs = number(after: word, &rest)
            case "--jobs": settings.jobs = number(after: word, &rest)
            case "--seed": settings.seed = UInt64(number(after: word, &rest))
            default: wanted.append(word)
            }
        }
        for name in wanted where !rows.contains(where: { $0.name == name }) {
            fail("no row \(name); there are \(rows.map(\.name).joined(separator: ", "))")
        }
        let study = Study(pairs: settings.pairs, jobs: settings.jobs, seed: settings.seed)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for row in rows where wanted.isEmpty || wanted.contains(row.name) {
            let start = Date()
            for var table in await row.measure(study) {
                table.row = row.name
                guard let line = try? encoder.encode(table) else { fail("row \(row.name) cannot be written") }
                FileHandle.standardOutput.write(line + Data("\n".utf8))
            }
            let seconds = Int(Date().timeIntervalSince(start).rounded())
            FileHandle.standardError.write(Data("row \(row.name): \(seconds) s\n".utf8))
        }
    }

    private static func number(after option: String, _ rest: inout ArraySlice<String>) -> Int {
        guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else {
            fail("\(option) needs a number above 0")
        }
        return number
    }
}

/// Prints the error and ends the program.
func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
}

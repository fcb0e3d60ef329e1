import ArgumentParser
import Foundation
import PairsTools

/// Readings of the past for Prometheus.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Write the readings of stored history as OpenMetrics with timestamps.",
        usage: """
            pairs-exporter backfill --config.file PATH [--from TIME] [--to TIME]
                           [options]
            pairs-exporter backfill ... --output history.om &&
              promtool tsdb create-blocks-from openmetrics history.om DATA
            """,
        discussion: """
            The time of a sample is its bar's close plus lateness; it is repeated every step while it was valid. Bars \
            are those in the database; bars of a length that is not stored are built from the trades. No sample uses \
            later bars, which --self-check verifies.

            Prometheus deletes blocks that are older than its --storage.tsdb.retention.time, 15 days by default: set it \
            before the blocks are made.
            """
    )

    @OptionGroup var history: HistoryOptions

    @Option(help: ArgumentHelp("Time between repetitions of a sample.", valueName: "duration"))
    var step = "15s"

    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("Label for every series, such as job=pairs; repeatable.", valueName: "name=value")
    )
    var labels: [String] = []

    @Flag(help: "Compare with histories cut at random times; fail if a sample differs.")
    var selfCheck = false

    func validate() throws {
        _ = try parsedLabels()
        guard let step = Backfill.duration(step), (1_000...86_400_000_000).contains(step) else {
            throw ValidationError("--step must be a duration from 1ms to 1d, such as 15s")
        }
    }

    func run() async throws {
        try await reportingHistoryFailures {
            let settings = try history.settings()
            let start = ContinuousClock.now
            let backfill = Backfill(
                settings: settings,
                step: Backfill.duration(step) ?? 15_000_000,
                labels: try parsedLabels()
            )
            let outcome = try await history.write(database: settings.path) {
                try await backfill.run(checksItself: selfCheck, $0)
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            var text = "\(outcome.samples) samples of \(outcome.bars) bars"
            if outcome.trades > 0 { text += " from \(outcome.trades) trades" }
            if selfCheck { text += ", no look-ahead at \(outcome.cuts) times" }
            for absence in outcome.absences { StandardError.write("\(absence)\n") }
            StandardError.write(text + " in \((seconds * 100).rounded() / 100) s\n")
        }
    }

    private func parsedLabels() throws -> [(name: String, value: String)] {
        var names: Set<String> = []
        return try labels.map { label in
            let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Backfill.isLabelName(String(parts[0])) else {
                throw ValidationError("--label must be name=value, found \(label)")
            }
            guard !Backfill.ownLabels.contains(String(parts[0])), names.insert(String(parts[0])).inserted else {
                throw ValidationError("--label \(parts[0]) is a label that the series have already")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }
}

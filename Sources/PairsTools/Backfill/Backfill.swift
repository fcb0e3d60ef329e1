package import Foundation
import MarketData
import PairEngine
import PairsApp
import PairsMetrics
import PrometheusExposition
import TradeStore

/// Writes the readings of stored history as OpenMetrics with timestamps, for
/// `promtool tsdb create-blocks-from openmetrics`.
///
/// A sample has the time of a bar's close plus lateness, when it would have been visible, and is repeated every step
/// while it was valid, so that queries return what they would have returned.
package struct Backfill: Sendable {
    /// What was written.
    package struct Outcome: Sendable {
        /// Samples, repetitions included.
        package var samples = 0
        /// Bars with readings.
        package var bars = 0
        /// Stored trades that bars were built from, where none were stored.
        package var trades = 0
        /// Times at which the readings of a cut history were compared.
        package var cuts = 0
        /// Pairs of which nothing was written.
        package var absences: [PairAbsence] = []
    }

    /// The labels that series have of their own.
    package static let ownLabels = Set(PairMetrics.families.flatMap(\.labelNames))

    /// A duration such as `15s` in microseconds; nil for anything else.
    package static func duration(_ text: String) -> Int64? {
        DurationText.microseconds(text)
    }

    /// Whether a text may be the name of a label.
    package static func isLabelName(_ text: String) -> Bool {
        let start = text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        return start && !text.hasPrefix("__")
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }

    /// How many times the self-check cuts each history.
    private static let cuts = 10

    private let settings: HistorySettings
    private let step: Int64
    private let labels: [(name: String, value: String)]

    /// - Parameters:
    ///   - settings: which history.
    ///   - step: microseconds between the repetitions of a sample, above zero.
    ///   - labels: appended to those of each series, such as `job` and `instance`.
    package init(settings: HistorySettings, step: Int64, labels: [(name: String, value: String)]) {
        self.settings = settings
        self.step = step
        self.labels = labels
    }

    /// Writes the document.
    /// - Parameters:
    ///   - checksItself: whether to check that no sample uses later data: readings up to some moments must be the same,
    ///     to the last bit, without all later bars and trades.
    ///   - sink: receives the document in pieces.
    /// - Throws: ``StoreError``, ``BackfillError``, or what `sink` throws.
    package func run(checksItself: Bool = false, _ sink: (Data) throws -> Void) async throws -> Outcome {
        let reader = try StoreLocation(path: settings.path).openForReading()
        var history = try await BarHistory(reader: reader, settings: settings)
        let spool = FamilySpool()
        var outcome = Outcome()
        for pair in settings.configuration.pairs {
            var spans: [ClosedRange<Timestamp>] = []
            for timeframe in pair.settings.timeframes.sorted() {
                if let absence = try await history.absence(of: pair, at: timeframe) {
                    outcome.absences.append(absence)
                    continue
                }
                let samples = try await samples(of: pair, timeframe, &history)
                if checksItself { outcome.cuts += try await check(samples, pair, timeframe, &history) }
                guard let own = writtenSpan(of: samples, timeframe) else {
                    outcome.absences.append(PairAbsence(pair: pair.name, timeframe: timeframe, legs: []))
                    continue
                }
                spans += (samples.first?.validSpans ?? []).filter { $0.overlaps(own) }.map { $0.clamped(to: own) }
                outcome.bars += samples.first?.starts.count ?? 0
                for window in samples { outcome.samples += try write(window, own, to: spool) }
            }
            outcome.samples += try writeConstants(pair, Self.joined(spans), to: spool)
        }
        outcome.trades = history.trades
        guard outcome.samples > 0 else { throw try await history.nothing(outcome.absences) }
        try spool.finish(sink)
        return outcome
    }

    /// The time in which samples are written; nil where no bar is in it. It ends no later than the moment at which the
    /// reading after the last bar becomes stale: later readings are unknown.
    private func writtenSpan(of samples: [SampleHistory], _ timeframe: Timeframe) -> ClosedRange<Timestamp>? {
        guard let first = samples.first?.starts.first, let last = samples.first?.starts.last else { return nil }
        let stale = last + (Int64(settings.configuration.bars.carryLimit) + 1) * timeframe.microseconds
        let (start, end) = (max(first, settings.from ?? first), min(stale, settings.through ?? last))
        return start <= end ? start...end : nil
    }

    private func samples(
        of pair: PairConfiguration,
        _ timeframe: Timeframe,
        _ history: inout BarHistory,
        cut: Timestamp? = nil
    ) async throws -> [SampleHistory] {
        var samples = pair.settings.windows.map { window in
            SampleHistory(
                series: ReadingSeries.list(pair, timeframe, window: window, labels: labels),
                wording: ReadingSeries.wording(pair, timeframe, window: window, labels: labels),
                thresholds: pair.settings.signals,
                timeframe: timeframe,
                bars: settings.configuration.bars
            )
        }
        try await history.forEachReading(of: pair, at: timeframe, cut: cut) { step in
            for index in samples.indices { samples[index].append(step.readings[index], closeTime: step.closeTime) }
        }
        return samples
    }

    /// Compares with histories that end earlier.
    /// - Returns: how many were compared.
    private func check(
        _ samples: [SampleHistory],
        _ pair: PairConfiguration,
        _ timeframe: Timeframe,
        _ history: inout BarHistory
    ) async throws -> Int {
        guard let starts = samples.first?.starts, !starts.isEmpty else { return 0 }
        let positions = (0..<Self.cuts).map { _ in Int.random(in: starts.indices) }
        for position in positions {
            let cut = starts[position] - settings.configuration.bars.lateness
            let cutSamples = try await self.samples(of: pair, timeframe, &history, cut: cut)
            let isComplete = cutSamples.first?.starts.count == position + 1
            guard isComplete, zip(samples, cutSamples).allSatisfy({ $0.agrees(with: $1) }) else {
                throw BackfillError.looksAhead(pair: pair.name, timeframe: timeframe, time: cut)
            }
        }
        return positions.count
    }

    private func write(
        _ history: SampleHistory,
        _ span: ClosedRange<Timestamp>,
        to spool: FamilySpool
    ) throws -> Int {
        var count = 0
        for (index, series) in history.series.enumerated() {
            try spool.write(series.family) { text in
                history.samples(of: index, step: step, in: span) { time, value in
                    text.append(value, labels: series.labels, milliseconds: time.microseconds / 1000)
                    count += 1
                }
            }
        }
        if history.wording != nil {
            try spool.write(PairMetrics.interpretation.family) { text in
                history.words(step: step, in: span) { labels, time in
                    text.append(1, labels: labels, milliseconds: time.microseconds / 1000)
                    count += 1
                }
            }
        }
        return count
    }

    /// Spans in order, those that overlap joined.
    private static func joined(_ spans: [ClosedRange<Timestamp>]) -> [ClosedRange<Timestamp>] {
        var joined: [ClosedRange<Timestamp>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, span.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
            } else {
                joined.append(span)
            }
        }
        return joined
    }

    /// Writes the constant samples of a pair while it has readings: its description and its thresholds.
    private func writeConstants(
        _ pair: PairConfiguration,
        _ spans: [ClosedRange<Timestamp>],
        to spool: FamilySpool
    ) throws -> Int {
        var constants = [(PairMetrics.info.family, PairMetrics.infoLabels(pair.metricDescription), 1.0)]
        for (name, value) in pair.settings.namedThresholds {
            let labels: LabelSet = ["pair": pair.name, "threshold": name]
            constants.append((PairMetrics.threshold.family, labels, value))
        }
        var count = 0
        for (family, own, value) in constants {
            let labels = LabelSet(own.pairs + labels)
            try spool.write(family) { text in
                for span in spans {
                    var time = span.lowerBound
                    while time <= span.upperBound {
                        text.append(value, labels: labels, milliseconds: time.microseconds / 1000)
                        count += 1
                        time = time + step
                    }
                }
            }
        }
        return count
    }
}

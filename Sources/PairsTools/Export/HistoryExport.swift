package import Foundation
package import MarketData
import PairEngine
import PairStatistics
import PairsApp
import TradeStore

/// Writes stored trades or bars, or the readings that follow from them, as CSV or newline-delimited JSON.
///
/// The parameters precede the rows where they are written: as comments (`#`) in CSV, as one object `{"parameters":…}`
/// in JSON.
package struct HistoryExport: Sendable {
    /// What is written.
    package enum Kind: String, Sendable, CaseIterable {
        case trades
        case bars
        case readings
    }

    /// What was written.
    package struct Outcome: Sendable {
        /// Rows, without header and parameters.
        package var rows = 0
        /// Pairs without a row.
        package var absences: [PairAbsence] = []
    }

    private let kind: Kind
    private let format: RowFormat
    private let settings: HistorySettings
    private let selection: ExportSelection
    private let additions: Set<ReadingAddition>
    private let hasParameters: Bool

    /// - Parameters:
    ///   - kind: trades, bars or readings.
    ///   - format: how.
    ///   - settings: which database and time, and for readings which pairs.
    ///   - instruments: the instruments of the trades or bars; none means all.
    ///   - timeframes: the lengths of the bars or readings; none means all.
    ///   - additions: further columns of readings.
    ///   - hasParameters: whether the parameters precede the rows; nil means yes for CSV and no for JSON, which has no
    ///     comments.
    package init(
        _ kind: Kind,
        as format: RowFormat,
        settings: HistorySettings,
        instruments: [Instrument] = [],
        timeframes: [Timeframe] = [],
        additions: Set<ReadingAddition> = [],
        hasParameters: Bool? = nil
    ) {
        self.kind = kind
        self.format = format
        self.settings = settings
        selection = ExportSelection(instruments: instruments, timeframes: timeframes)
        self.additions = additions
        self.hasParameters = hasParameters ?? (format == .csv)
    }

    /// Writes all rows.
    /// - Parameter sink: receives the text in pieces.
    /// - Throws: ``ExportError``, ``BackfillError``, ``StoreError``, or what `sink` throws.
    package func run(_ sink: (Data) throws -> Void) async throws -> Outcome {
        let reader = try StoreLocation(path: settings.path).openForReading()
        switch kind {
        case .trades: return Outcome(rows: try await trades(reader, sink))
        case .bars: return Outcome(rows: try await bars(reader, sink))
        case .readings: return try await readings(reader, sink)
        }
    }

    private func trades(_ reader: any StoreReader, _ sink: (Data) throws -> Void) async throws -> Int {
        let columns = ["venue", "symbol", "stream", "trade_id", "time_us", "price", "quantity", "taker_side"]
        var writer = RowWriter(format, columns: columns, parameters: parameters)
        for stream in try await selection.streams(reader) {
            try await reader.trades(of: stream, from: from, through: through) { trades in
                for trade in trades {
                    writer.append([
                        .text(stream.instrument.venue.rawValue), .text(stream.instrument.symbol), .text(stream.name),
                        .number("\(trade.id)"), .number("\(trade.time.microseconds)"), .text(trade.price.description),
                        .text(trade.quantity.description), .text("\(trade.takerSide)"),
                    ])
                }
                try writer.flush(sink)
            }
        }
        return try writer.finish(sink)
    }

    private func bars(_ reader: any StoreReader, _ sink: (Data) throws -> Void) async throws -> Int {
        let columns = [
            "venue", "symbol", "timeframe", "open_time_us", "open", "high", "low", "close", "volume", "trades", "state",
            "origin",
        ]
        var writer = RowWriter(format, columns: columns, parameters: parameters)
        for (instrument, timeframes) in try await selection.bars(reader) {
            for timeframe in timeframes {
                guard let slots = try await reader.slots(of: instrument, timeframe: timeframe) else { continue }
                var first = timeframe.slot(of: max(from, timeframe.openTime(of: slots.lowerBound)))
                if timeframe.openTime(of: first) < from { first += 1 }
                let last = timeframe.slot(of: min(through, timeframe.openTime(of: slots.upperBound)))
                guard first <= last else { continue }
                // Each read starts at the next stored bar, so that a gap of years between two bars costs one query.
                var next = try await reader.firstSlot(of: instrument, timeframe: timeframe, from: first)
                while let start = next, start <= last {
                    let end = min(last, start + 50_000)
                    for bar in try await reader.bars(of: instrument, timeframe: timeframe, slots: start...end) {
                        writer.append(Self.cells(bar, of: instrument))
                    }
                    try writer.flush(sink)
                    next =
                        end < last
                        ? try await reader.firstSlot(of: instrument, timeframe: timeframe, from: end + 1) : nil
                }
            }
        }
        return try writer.finish(sink)
    }

    private static func cells(_ bar: Bar, of instrument: Instrument) -> [RowWriter.Cell] {
        let prices = bar.prices
        return [
            .text(instrument.venue.rawValue), .text(instrument.symbol), .text(bar.timeframe.label),
            .number("\(bar.openTime.microseconds)"), .number(prices?.open), .number(prices?.high),
            .number(prices?.low), .number(prices?.close), .number(prices?.volume),
            prices.map { .number("\($0.trades)") } ?? .none, .text("\(bar.state)"), .text("\(bar.origin)"),
        ]
    }

    private func readings(_ reader: any StoreReader, _ sink: (Data) throws -> Void) async throws -> Outcome {
        let columns = ReadingColumns(additions)
        let bars = settings.configuration.bars
        let selected = try selection.readings(of: settings.configuration.pairs)
        var writer = RowWriter(format, columns: columns.names, parameters: parameters)
        var history = try await BarHistory(reader: reader, settings: settings)
        var outcome = Outcome()
        for (pair, timeframe) in selected {
            if let absence = try await history.absence(of: pair, at: timeframe) {
                outcome.absences.append(absence)
                continue
            }
            var isEmpty = true
            try await history.forEachReading(of: pair, at: timeframe) { step in
                guard step.closeTime >= from, step.closeTime <= through else { return }
                isEmpty = false
                let visible = step.closeTime + bars.lateness
                for reading in step.readings {
                    let isStale = reading.isStale(now: visible, carryLimit: bars.carryLimit)
                    writer.append(columns.cells(.init(step: step, reading: reading, pair: pair.name, isStale: isStale)))
                }
                try writer.flush(sink)
            }
            if isEmpty { outcome.absences.append(PairAbsence(pair: pair.name, timeframe: timeframe, legs: [])) }
        }
        guard outcome.absences.count < selected.count else { throw try await history.nothing(outcome.absences) }
        outcome.rows = try writer.finish(sink)
        return outcome
    }

    private var from: Timestamp { settings.from ?? Timestamp(microseconds: .min) }
    private var through: Timestamp { settings.through ?? Timestamp(microseconds: .max) }

    /// The parameters of the rows, by name.
    private var parameters: [(name: String, value: String)] {
        guard hasParameters else { return [] }
        var list = [
            ("export", kind.rawValue), ("program", "\(BuildInformation.name) \(BuildInformation.version)"),
            ("database", settings.path),
            ("from", settings.from?.dateText ?? "start"), ("to", settings.through?.dateText ?? "end"),
            ("times", "microseconds since 1970-01-01T00:00:00Z"),
        ]
        if kind != .readings {
            let names = selection.instruments.map(\.description).joined(separator: " ")
            list.append(("instruments", names.isEmpty ? "all" : names))
        }
        if kind != .trades {
            let names = selection.timeframes.map(\.label).joined(separator: " ")
            list.append(("timeframes", names.isEmpty ? "all" : names))
        }
        guard kind == .readings else { return list }
        let bars = settings.configuration.bars
        list += [("lateness_us", "\(bars.lateness)"), ("min_fill", "\(bars.minimumFill)")]
        return list
            + settings.configuration.pairs.map { pair in
                let tests = pair.settings.tests
                let text = [
                    "y=\(pair.y)", "x=\(pair.x)", "price=\(pair.settings.price.rawValue)",
                    "regression=\(tests.trend.rawValue)", "autolag=\(tests.lagSelection.rawValue)",
                    "min_observations=\(tests.minimumObservations)",
                ]
                return ("pair \(pair.name)", text.joined(separator: " "))
            }
    }
}

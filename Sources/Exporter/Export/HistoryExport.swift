public import Foundation
public import MarketData
import PairEngine
import PairStatistics
import PrometheusExposition
import TradeStore

/// Writes stored trades or bars, or the readings that follow from them, as CSV or newline-delimited JSON.
///
/// The parameters stand before the rows: as comments (`#`) in CSV, as one object `{"parameters":…}` in JSON.
public struct HistoryExport: Sendable {
    /// What is written.
    public enum Kind: String, Sendable, CaseIterable {
        case trades
        case bars
        case readings
    }

    private let kind: Kind
    private let format: RowFormat
    private let settings: HistorySettings
    private let instruments: [Instrument]
    private let timeframes: [Timeframe]

    /// - Parameters:
    ///   - kind: what is written.
    ///   - format: how.
    ///   - settings: which database and time, and for readings which pairs.
    ///   - instruments: whose trades or bars; none stands for all.
    ///   - timeframes: of which lengths the bars or readings are; none stands for all.
    public init(
        _ kind: Kind,
        as format: RowFormat,
        settings: HistorySettings,
        instruments: [Instrument],
        timeframes: [Timeframe]
    ) {
        self.kind = kind
        self.format = format
        self.settings = settings
        self.instruments = instruments
        self.timeframes = timeframes
    }

    /// Writes the whole.
    /// - Parameter sink: takes the text in pieces.
    /// - Returns: the number of rows.
    /// - Throws: ``StoreError``, or what `sink` throws.
    public func run(_ sink: (Data) throws -> Void) async throws -> Int {
        let reader = try SQLiteReader(path: settings.path)
        switch kind {
        case .trades: return try await trades(reader, sink)
        case .bars: return try await bars(reader, sink)
        case .readings: return try await readings(reader, sink)
        }
    }

    private func trades(_ reader: SQLiteReader, _ sink: (Data) throws -> Void) async throws -> Int {
        let columns = ["venue", "symbol", "stream", "trade_id", "time_us", "price", "quantity", "taker_side"]
        var writer = RowWriter(format, columns: columns, parameters: parameters)
        for stream in try await reader.streams() where includes(stream.instrument) {
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

    private func bars(_ reader: SQLiteReader, _ sink: (Data) throws -> Void) async throws -> Int {
        let columns = [
            "venue", "symbol", "timeframe", "open_time_us", "open", "high", "low", "close", "volume", "trades", "state",
            "origin",
        ]
        var writer = RowWriter(format, columns: columns, parameters: parameters)
        for instrument in try await reader.instruments() where includes(instrument) {
            for timeframe in try await reader.timeframes(of: instrument) where includes(timeframe) {
                guard var slots = try await reader.slots(of: instrument, timeframe: timeframe) else { continue }
                let first = timeframe.slot(of: max(from, timeframe.openTime(of: slots.lowerBound)))
                let last = timeframe.slot(of: min(through, timeframe.openTime(of: slots.upperBound)))
                guard first <= last else { continue }
                slots = first...last
                var next: Int64? = first
                while let start = next {
                    let end = min(slots.upperBound, start + 50_000)
                    for bar in try await reader.bars(of: instrument, timeframe: timeframe, slots: start...end) {
                        writer.append(Self.cells(bar, of: instrument))
                    }
                    try writer.flush(sink)
                    next = end < slots.upperBound ? end + 1 : nil
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

    private func readings(_ reader: SQLiteReader, _ sink: (Data) throws -> Void) async throws -> Int {
        let columns = ["close_time_us", "pair", "timeframe", "window"]
        let metrics = PairMetrics.readings
        let names = metrics.map { String($0.family.name.dropFirst("pairs_".count)) }
        var writer = RowWriter(format, columns: columns + names, parameters: parameters)
        var history = try await BarHistory(reader: reader, settings: settings)
        for pair in settings.configuration.pairs {
            for timeframe in pair.settings.timeframes.sorted() where includes(timeframe) {
                let replay = ReadingReplay(pair: pair, timeframe: timeframe, settings: settings)
                try await replay.run(&history) { closeTime, readings in
                    guard closeTime >= from, closeTime <= through else { return }
                    for reading in readings {
                        writer.append(
                            [
                                .number("\(closeTime.microseconds)"), .text(pair.name), .text(timeframe.label),
                                .number("\(reading.window)"),
                            ] + metrics.map { .number($0.value(reading)) }
                        )
                    }
                    try writer.flush(sink)
                }
            }
        }
        return try writer.finish(sink)
    }

    private var from: Timestamp { settings.from ?? Timestamp(microseconds: .min) }
    private var through: Timestamp { settings.through ?? Timestamp(microseconds: .max) }

    private func includes(_ instrument: Instrument) -> Bool {
        instruments.isEmpty || instruments.contains(instrument)
    }

    private func includes(_ timeframe: Timeframe) -> Bool {
        timeframes.isEmpty || timeframes.contains(timeframe)
    }

    /// What made the rows, by name.
    private var parameters: [(name: String, value: String)] {
        var list = [
            ("export", kind.rawValue), ("program", "\(BuildInformation.name) \(BuildInformation.version)"),
            ("database", settings.path),
            ("from", settings.from.map(\.description) ?? "start"), ("to", settings.through.map(\.description) ?? "end"),
            ("times", "microseconds since 1970-01-01T00:00:00Z"),
        ]
        if kind != .readings {
            let names = instruments.map(\.description).joined(separator: " ")
            list.append(("instruments", names.isEmpty ? "all" : names))
        }
        if kind != .trades {
            list.append(("timeframes", timeframes.isEmpty ? "all" : timeframes.map(\.label).joined(separator: " ")))
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

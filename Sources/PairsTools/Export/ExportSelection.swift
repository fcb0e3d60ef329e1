import MarketData
import PairsApp
import TradeStore

/// Which trades, bars or readings an export's options select. A name that selects nothing is an error, so that a typing
/// mistake does not give an empty file.
struct ExportSelection: Sendable {
    /// The instruments of the trades or bars; none means all.
    let instruments: [Instrument]
    /// The lengths of the bars or readings; none means all.
    let timeframes: [Timeframe]

    /// The streams of the selected instruments.
    /// - Throws: ``ExportError``, ``StoreError``.
    func streams(_ reader: any StoreReader) async throws -> [TradeStream] {
        let streams = try await reader.streams()
        var known: [Instrument] = []
        for stream in streams where known.last != stream.instrument { known.append(stream.instrument) }
        try check(known, .trades, reader.path)
        return streams.filter { isSelected($0.instrument) }
    }

    /// The lengths of the stored bars of each selected instrument, of those that are selected.
    /// - Throws: ``ExportError``, ``StoreError``.
    func bars(_ reader: any StoreReader) async throws -> [(instrument: Instrument, timeframes: [Timeframe])] {
        var stored: [(instrument: Instrument, timeframes: [Timeframe])] = []
        for instrument in try await reader.instruments() {
            let timeframes = try await reader.timeframes(of: instrument)
            if !timeframes.isEmpty { stored.append((instrument, timeframes)) }
        }
        try check(stored.map(\.instrument), .bars, reader.path)
        stored.removeAll { !isSelected($0.instrument) }
        let named = instruments.isEmpty ? [] : stored
        for (instrument, stored) in named where !timeframes.isEmpty && !stored.contains(where: isSelected) {
            throw noBars(timeframes, of: [instrument], stored: stored, reader.path)
        }
        let lengths = stored.flatMap(\.timeframes)
        for timeframe in timeframes where !lengths.contains(timeframe) {
            throw noBars([timeframe], of: instruments, stored: lengths, reader.path)
        }
        return stored.map { ($0.instrument, $0.timeframes.filter(isSelected)) }
    }

    /// The pairs with the selected lengths of their bars.
    /// - Throws: ``ExportError``.
    func readings(of pairs: [PairConfiguration]) throws -> [(pair: PairConfiguration, timeframe: Timeframe)] {
        let configured = pairs.flatMap(\.settings.timeframes)
        for timeframe in timeframes where !configured.contains(timeframe) {
            throw ExportError.notConfigured(
                timeframe: timeframe,
                configured: Self.nearestFirst(configured, to: timeframe)
            )
        }
        return pairs.flatMap { pair in
            pair.settings.timeframes.sorted().filter(isSelected).map { (pair, $0) }
        }
    }

    private func isSelected(_ instrument: Instrument) -> Bool {
        instruments.isEmpty || instruments.contains(instrument)
    }

    private func isSelected(_ timeframe: Timeframe) -> Bool {
        timeframes.isEmpty || timeframes.contains(timeframe)
    }

    private func check(_ known: [Instrument], _ kind: HistoryExport.Kind, _ path: String) throws {
        for instrument in instruments where !known.contains(instrument) {
            throw ExportError.unknownInstrument(
                path: path,
                kind: kind,
                instrument: instrument,
                known: instrument.description.nearestFirst(known)
            )
        }
    }

    private func noBars(
        _ timeframes: [Timeframe],
        of instruments: [Instrument],
        stored: [Timeframe],
        _ path: String
    ) -> ExportError {
        .noBars(
            path: path,
            instruments: instruments,
            timeframes: timeframes,
            stored: timeframes.first.map { Self.nearestFirst(stored, to: $0) } ?? []
        )
    }

    private static func nearestFirst(_ timeframes: [Timeframe], to wanted: Timeframe) -> [Timeframe] {
        Set(timeframes).sorted { first, second in
            let distances = [first, second].map { abs($0.microseconds - wanted.microseconds) }
            return (distances[0], first.microseconds) < (distances[1], second.microseconds)
        }
    }
}

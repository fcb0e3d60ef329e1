import MarketData
import TradeFiles
import TradeStore

/// Writes the bars of one file; bars that were built from trades stay.
struct BarImport {
    let settings: ImportSettings
    let onProgress: @Sendable (ImportProgress) -> Void

    /// Writes what the file has.
    func write(_ path: String, _ summary: inout ImportSummary) async throws {
        let name = ImportSettings.name(path)
        let file = try BarFile(
            path: path,
            naming: settings.naming,
            timeframe: settings.timeframe
        ) { [onProgress] share in
            onProgress(ImportProgress(subject: name, phase: .reading, share: share))
        }
        summary.rows = file.rows
        summary.refused = file.refused
        summary.repeats = file.repeats
        let contents = file.contents.map { content in
            ImportSummary.Content(
                instrument: content.instrument,
                timeframe: content.timeframe,
                times: content.timeframe.openTime(
                    of: content.slots.lowerBound
                )...content.timeframe.openTime(
                    of: content.slots.upperBound
                ),
                rows: content.bars
            )
        }
        let instruments = file.instruments
        let streams = StreamTable(instruments.map { TradeStream(instrument: $0, name: "bars") })
        let positions = Self.positions(contents, streams)
        summary.contents = try await settings.withStore(streams) { store in
            let ranges = contents.compactMap { content in range(of: content, file) }
            for range in ranges {
                guard let id = streams.id(of: range.instrument) else { continue }
                try await store.beginImport(range, of: id)
            }
            var contents = contents
            var pace = TransactionPace()
            var rows = 0
            try await file.read(batchSize: { pace.rows }) { bars, share in
                let written = try await pace.run(rows: bars.count) { try await store.addBars(bars) }
                for bar in written {
                    guard let position = positions[bar.timeframe]?[Int(bar.instrument.index)] else { continue }
                    contents[position].newRows += 1
                }
                rows += bars.count
                onProgress(ImportProgress(subject: name, phase: .writing, share: share, rows: rows))
            }
            for range in ranges {
                guard let id = streams.id(of: range.instrument) else { continue }
                try await store.completeImport(range, of: id)
            }
            return contents
        }
    }

    /// The position of the content of each length and instrument.
    private static func positions(_ contents: [ImportSummary.Content], _ streams: StreamTable) -> [Timeframe: [Int?]] {
        var positions: [Timeframe: [Int?]] = [:]
        for (position, content) in contents.enumerated() {
            guard let timeframe = content.timeframe, let id = streams.id(of: content.instrument) else { continue }
            positions[timeframe, default: Array(repeating: nil, count: streams.ids.count)][Int(id.index)] = position
        }
        return positions
    }

    private func range(of content: ImportSummary.Content, _ file: BarFile) -> ImportedRange? {
        guard let timeframe = content.timeframe else { return nil }
        return ImportedRange(
            instrument: content.instrument,
            timeframe: timeframe,
            checksum: file.checksum,
            source: ImportSettings.name(file.path),
            times: content.times.lowerBound...timeframe.closeTime(of: timeframe.slot(of: content.times.upperBound))
        )
    }
}

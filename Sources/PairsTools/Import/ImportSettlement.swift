import MarketData
import TradeFiles
import TradeStore

/// Finds the missing ids and builds the bars of imported trades. Both follow from all trades on disk, whatever their
/// source, so that imports join the earlier and later trades.
struct ImportSettlement {
    /// How many runs of missing ids are listed for each stream.
    private static let listedRuns = 100

    /// The part of a file that belongs to one stream, and the position of its summary.
    private struct Part {
        let file: Int
        let position: Int
        let content: TradeFile.Content
        /// Whether it has no new trades: then only its last close is carried up to the end of this import.
        let isSettled: Bool

        /// The times around which its bars are built.
        var times: ClosedRange<Timestamp> {
            isSettled ? content.times.upperBound...content.times.upperBound : content.times
        }
    }

    let settings: ImportSettings
    let files: [WrittenFile]
    let onProgress: @Sendable (ImportProgress) -> Void

    /// Settles all files, which completes their imports.
    /// - Parameter summaries: receives bars and missing ids, by ``WrittenFile/number``.
    func run(_ summaries: inout [ImportSummary]) async throws {
        for (instrument, parts) in partsByInstrument() {
            try await settleIDs(parts, &summaries)
            try await settleBars(instrument, parts, &summaries)
        }
        for file in files where !file.isSettled {
            try await settings.withStore(file.file.streams) { store in
                for (index, range) in file.ranges.enumerated() {
                    try await store.completeImport(range, of: InstrumentID(index))
                }
            }
        }
    }

    private func partsByInstrument() -> [(Instrument, [Part])] {
        var order: [Instrument] = []
        var parts: [Instrument: [Part]] = [:]
        for file in files {
            for (position, content) in file.file.contents.enumerated() {
                let instrument = content.stream.instrument
                if parts[instrument] == nil { order.append(instrument) }
                let part = Part(file: file.number, position: position, content: content, isSettled: file.isSettled)
                parts[instrument, default: []].append(part)
            }
        }
        return order.map { ($0, parts[$0] ?? []) }
    }

    /// The greatest trade time of the import at a venue: the bars of all its instruments end there.
    private func end(at venue: Venue) -> Timestamp {
        files.flatMap(\.file.contents).filter { $0.stream.instrument.venue == venue }
            .map(\.times.upperBound).max() ?? Timestamp(microseconds: .min)
    }

    private func settleIDs(_ parts: [Part], _ summaries: inout [ImportSummary]) async throws {
        let parts = parts.filter { !$0.isSettled }.sorted { $0.content.ids.lowerBound < $1.content.ids.lowerBound }
        for stream in Set(parts.map(\.content.stream)) where stream.isNumbered {
            let parts = parts.filter { $0.content.stream == stream }
            let missing = try await settings.withStore(StreamTable([stream])) { store in
                let settlement = IDSettlement(store: store, stream: InstrumentID(0), limit: Self.listedRuns)
                return try await settlement.run(parts.map(\.content.ids))
            }
            for ids in missing.runs {
                let part = parts.last { $0.content.ids.lowerBound <= ids.lowerBound } ?? parts[0]
                summaries[part.file].missing.append(.init(stream: stream, ids: ids))
            }
            if let last = parts.last { summaries[last.file].furtherMissing += missing.furtherRuns }
        }
    }

    private func settleBars(
        _ instrument: Instrument,
        _ parts: [Part],
        _ summaries: inout [ImportSummary]
    ) async throws {
        let parts = parts.sorted { $0.times.lowerBound < $1.times.lowerBound }
        var counts = parts.map { _ in 0 }
        try await settings.withStore(StreamTable([parts[0].content.stream])) { store in
            let settlement = BarSettlement(
                store: store,
                instrument: InstrumentID(0),
                timeframes: settings.timeframes,
                carryLimit: settings.carryLimit,
                end: end(at: instrument.venue)
            )
            try await settlement.run(parts.map(\.times)) { share in
                onProgress(ImportProgress(subject: "\(instrument)", phase: .building, share: share))
            } onBars: { bars in
                for bar in bars {
                    let index = parts.lastIndex { $0.times.lowerBound < bar.closeTime } ?? 0
                    counts[index] += 1
                }
            }
        }
        for (part, count) in zip(parts, counts) { summaries[part.file].contents[part.position].builtBars += count }
    }
}

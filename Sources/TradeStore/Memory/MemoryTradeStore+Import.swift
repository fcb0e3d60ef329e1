package import MarketData

extension MemoryTradeStore {
    /// Whether an import of this content into a stream has been completed.
    package func isImported(checksum: String, into stream: InstrumentID) async throws -> Bool {
        try open { tables, numbers in
            let number = numbers.streams[Int(stream.index)]
            return tables.imports.contains {
                $0.stream == number && $0.range.checksum == checksum && $0.revision > 0 && $0.isSpared
            }
        }
    }

    /// Records an import before its first row.
    package func beginImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try open { tables, numbers in tables.record(range, of: instrument, numbers, isComplete: false) }
    }

    /// Records that an import is complete, and removes the states that do not include it.
    package func completeImport(_ range: ImportedRange, of instrument: InstrumentID) async throws {
        try open { tables, numbers in
            tables.record(range, of: instrument, numbers, isComplete: true)
            tables.invalidate(numbers.instruments[Int(instrument.index)]) { $0.slot(of: range.times.lowerBound) }
        }
    }

    /// Permits retention to remove what was imported.
    package func forgetImports(from sources: [String]?) async throws -> Int {
        try open { tables, _ in
            var count = 0
            for index in tables.imports.indices where tables.imports[index].isSpared {
                guard sources?.contains(tables.imports[index].range.source) ?? true else { continue }
                tables.imports[index].isSpared = false
                count += 1
            }
            return count
        }
    }

    /// The imports that were completed after a revision.
    package func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)]) {
        try open { tables, numbers in
            let found = tables.imports.filter { $0.revision > revision }
            return (
                found.map(\.revision).max() ?? revision,
                found.compactMap { entry in
                    numbers.instruments.firstIndex(of: entry.instrument).map { (InstrumentID($0), entry.range.times) }
                }
            )
        }
    }

    /// Removes what is older than its retention and was not imported.
    package func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try open { tables, numbers in
            var outcome = PruneOutcome()
            for instrument in instruments {
                for (_, stream) in tables.numberings(of: numbers.streams[Int(instrument.index)]) {
                    tables.prune(stream: stream, before: time, &outcome)
                }
                for (timeframe, before) in bars {
                    let number = numbers.instruments[Int(instrument.index)]
                    tables.prune(instrument: number, timeframe, before: before, &outcome)
                }
            }
            return outcome
        }
    }
}

extension MemoryTables {
    /// Inserts an import, or replaces one of the same content.
    fileprivate mutating func record(
        _ range: ImportedRange,
        of instrument: InstrumentID,
        _ numbers: MemoryTradeStore.Numbers,
        isComplete: Bool
    ) {
        let revision = imports.map(\.revision).max() ?? 0
        let entry = Import(
            instrument: numbers.instruments[Int(instrument.index)],
            stream: range.stream == nil ? nil : numbers.streams[Int(instrument.index)],
            range: range,
            revision: isComplete ? revision + 1 : 0
        )
        imports.removeAll {
            $0.instrument == entry.instrument && $0.stream == entry.stream && $0.range.timeframe == range.timeframe
                && $0.range.checksum == range.checksum
        }
        imports.append(entry)
    }

    fileprivate mutating func prune(stream: Int, before time: Timestamp, _ outcome: inout PruneOutcome) {
        let spared = imports.filter { $0.stream == stream && $0.isSpared }.map(\.range.ids)
        let lastID = streams[stream].trades.last?.id
        outcome.trades += streams[stream].trades.removeCounted { trade in
            trade.time < time && trade.id != lastID && !spared.contains { $0.contains(trade.id) }
        }
        guard let firstID = streams[stream].trades.first?.id else { return }
        outcome.gaps += streams[stream].gaps.removeCounted { $0.lastID < firstID }
    }

    /// Removes old bars, and states whose last bar is as old.
    fileprivate mutating func prune(
        instrument: Int,
        _ timeframe: Timeframe,
        before time: Timestamp,
        _ outcome: inout PruneOutcome
    ) {
        let spared = imports.filter {
            $0.instrument == instrument && $0.isSpared && $0.range.timeframe ?? timeframe == timeframe
        }.map { timeframe.slot(of: $0.range.times.lowerBound)...timeframe.slot(of: $0.range.times.upperBound) }
        let key = BarKey(instrument: instrument, timeframe: timeframe)
        outcome.bars +=
            bars[key]?.removeCounted { bar in
                bar.openTime < time && !spared.contains { $0.contains(bar.slot) }
            } ?? 0
        let before = states.count
        states = states.filter { key, state in
            key.y != InstrumentID(instrument) || key.timeframe != timeframe
                || timeframe.openTime(of: state.slot) >= time
        }
        outcome.states += before - states.count
    }
}

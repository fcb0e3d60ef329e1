import MarketData
import TradeStore

/// Builds the bars of an instrument again, from all trades on disk in the order of time, whatever their source.
struct BarSettlement {
    private static let rowsPerRead = 20_000

    let store: any ImportStore
    let instrument: InstrumentID
    let timeframes: [Timeframe]
    let carryLimit: Int
    /// The time up to which bars close after the last trade.
    let end: Timestamp

    /// Writes the bars around what was imported.
    /// - Parameters:
    ///   - imported: the times of each imported file.
    ///   - onProgress: receives the share of the time whose bars are built.
    ///   - onBars: receives the bars that were built.
    func run(
        _ imported: [ClosedRange<Timestamp>],
        onProgress: (Double) -> Void,
        onBars: ([Bar]) -> Void
    ) async throws {
        let finder = ExtentFinder(store: store, instrument: instrument, timeframes: timeframes, end: end)
        let extents = try await finder.extents(of: imported)
        for (index, extent) in extents.enumerated() {
            try await build(
                extent,
                onProgress: { onProgress((Double(index) + $0) / Double(extents.count)) },
                onBars: onBars
            )
        }
    }

    private func build(
        _ extent: RebuildExtent,
        onProgress: (Double) -> Void,
        onBars: ([Bar]) -> Void
    ) async throws {
        let sources = try await store.tradeSources(of: instrument, in: extent.times)
        var survey = TradeSurvey(store: store, instrument: instrument, times: extent.times)
        for source in sources where source.isNumbered || sources.count == 1 {
            try await survey.examine(source, besides: sources.filter { $0.name != source.name })
        }
        let isSorted = sources.count == 1 && survey.isInOrder
        var rebuilder = BarRebuilder(
            extent,
            of: instrument,
            carryLimit: carryLimit,
            lateness: isSorted ? TradeSurvey.lateness : 0,
            gaps: survey.gaps
        )
        var writer = BarWriter(store: store, instrument: instrument, slots: extent.slots)
        try await read(sources, isSorted: isSorted, times: extent.times) { trades in
            onBars(try await writer.write(rebuilder.add(trades)))
            if let time = trades.last?.time {
                let length = Double(extent.end - extent.times.lowerBound)
                onProgress(min(1, Double(time - extent.times.lowerBound) / max(1, length)))
            }
        }
        onBars(try await writer.write(rebuilder.finish()))
        try await writer.finish()
    }

    /// Reads the trades of sources: by id where that is the order of time, otherwise sorted.
    private func read(
        _ sources: [TradeSource],
        isSorted: Bool,
        times: ClosedRange<Timestamp>,
        _ body: ([Trade]) async throws -> Void
    ) async throws {
        if isSorted {
            for source in sources {
                for ids in source.ids {
                    var next = ids.lowerBound
                    while next <= ids.upperBound {
                        let trades = try await store.trades(
                            of: instrument,
                            in: source,
                            ids: next...ids.upperBound,
                            limit: Self.rowsPerRead
                        )
                        guard let last = trades.last?.id else { break }
                        try await body(trades)
                        next = last + 1
                    }
                }
            }
            return
        }
        let sorted = try await store.sortedTrades(of: instrument, in: sources, times: times)
        var position: Int64 = 0
        while true {
            let trades = try await sorted.trades(after: position, limit: Self.rowsPerRead)
            guard let last = trades.last?.id else { break }
            try await body(trades)
            position = last
        }
        try await sorted.remove()
    }
}

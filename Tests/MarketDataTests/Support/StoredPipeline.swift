import MarketData

/// The stored output of a pipeline, from which the next run resumes.
struct StoredPipeline {
    private struct BarRow: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let slot: Int64
    }

    private var trades: [InstrumentID: [Int64: Trade]] = [:]
    private var rows: [BarRow: Bar] = [:]
    private(set) var gaps = IDGapLedger()

    /// By instrument, timeframe and slot.
    var bars: [Bar] {
        rows.values.sorted { ($0.instrument, $0.timeframe, $0.slot) < ($1.instrument, $1.timeframe, $1.slot) }
    }

    mutating func write(_ output: PipelineOutput) {
        for trade in output.trades { trades[trade.instrument, default: [:]][trade.id] = trade }
        for bar in output.bars + output.revisedBars {
            rows[BarRow(instrument: bar.instrument, timeframe: bar.timeframe, slot: bar.slot)] = bar
        }
        gaps.apply(output.gapChanges)
    }

    /// Restores the state of the stored pipeline in a new one.
    func resume(_ run: inout PipelineRun, instrument: Int) {
        let known = (trades[InstrumentID(instrument)] ?? [:]).values.sorted { $0.id < $1.id }
        guard let last = known.last else { return }
        let open = gaps.gaps(of: instrument).filter { $0.state == .open || $0.state == .unrepairable }.map { gap in
            TimedIDGap(
                firstID: gap.firstID,
                lastID: gap.lastID,
                after: known.last { $0.id < gap.firstID }?.time ?? Timestamp(microseconds: .min),
                before: known.first { $0.id > gap.lastID }?.time ?? Timestamp(microseconds: .max),
                state: gap.state
            )
        }
        let bars = Dictionary(grouping: bars.filter { $0.instrument == InstrumentID(instrument) }, by: \.timeframe)
        run.resume(instrument) { pipeline in
            pipeline.resume(last: last, openGaps: open, bars: bars, repairHorizon: .max)
            let start = pipeline.openTime ?? last.time
            pipeline.rebuild(from: known.filter { $0.time >= start })
        }
    }
}

import MarketData

/// What a store keeps of a tape's output, and what it gives back at the next start.
struct StoredTape {
    private struct BarRow: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
        let slot: Int64
    }

    private var trades: [InstrumentID: [Int64: Trade]] = [:]
    private var rows: [BarRow: Bar] = [:]
    private(set) var holes = HoleLedger()

    /// By instrument, timeframe and slot.
    var bars: [Bar] {
        rows.values.sorted { ($0.instrument, $0.timeframe, $0.slot) < ($1.instrument, $1.timeframe, $1.slot) }
    }

    mutating func write(_ output: TapeOutput) {
        for trade in output.trades { trades[trade.instrument, default: [:]][trade.id] = trade }
        for bar in output.bars + output.revisedBars {
            rows[BarRow(instrument: bar.instrument, timeframe: bar.timeframe, slot: bar.slot)] = bar
        }
        holes.apply(output.holeChanges)
    }

    /// Brings a new tape to where the stored one was.
    func resume(_ run: inout TapeRun, instrument: Int) {
        let known = (trades[InstrumentID(instrument)] ?? [:]).values.sorted { $0.id < $1.id }
        guard let last = known.last else { return }
        let open = holes.holes(of: instrument).filter { $0.state == .open || $0.state == .unrepairable }.map { hole in
            OpenHole(
                firstID: hole.firstID,
                lastID: hole.lastID,
                after: known.last { $0.id < hole.firstID }?.time ?? Timestamp(microseconds: .min),
                before: known.first { $0.id > hole.lastID }?.time ?? Timestamp(microseconds: .max),
                state: hole.state
            )
        }
        let bars = Dictionary(grouping: bars.filter { $0.instrument == InstrumentID(instrument) }, by: \.timeframe)
        run.resume(instrument) { tape in
            tape.resume(last: last, openHoles: open, bars: bars, repairHorizon: .max)
            let start = tape.openTime ?? last.time
            tape.rebuild(from: known.filter { $0.time >= start })
        }
    }
}

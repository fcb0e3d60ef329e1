package import MarketData

extension MemoryTradeStore {
    /// The trade with the greatest id of the stream.
    package func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try open { tables, numbers in
            for (base, stream) in tables.numberings(of: numbers.streams[Int(instrument.index)]).reversed() {
                if let last = tables.streams[stream].trades.last { return last.moved(by: base).of(instrument) }
            }
            return nil
        }
    }

    /// The stream's trades from a time on.
    package func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try open { tables, numbers in
            tables.numberings(of: numbers.streams[Int(instrument.index)]).flatMap { base, stream in
                tables.streams[stream].trades.filter { $0.time >= time }.map { $0.moved(by: base).of(instrument) }
            }
        }
    }

    /// The greatest id of the stream that is stored or inside a gap.
    package func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try open { tables, numbers in
            tables.numberings(of: numbers.streams[Int(instrument.index)]).flatMap { base, stream in
                [tables.streams[stream].trades.last?.id, tables.streams[stream].gaps.map(\.lastID).max()]
                    .compactMap { $0.map { $0 + base } }
            }.max()
        }
    }

    /// The gaps of the stream that are open.
    package func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try gaps(.open, of: instrument)
    }

    /// The gaps of the stream whose ids the venue does not have.
    package func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap] {
        try gaps(.unrepairable, of: instrument)
    }

    private func gaps(_ state: IDGapState, of instrument: InstrumentID) throws -> [StoredIDGap] {
        try open { tables, numbers in
            tables.numberings(of: numbers.streams[Int(instrument.index)]).flatMap { base, number in
                let stream = tables.streams[number]
                return stream.gaps.filter { $0.state == state }.suffix(TradeSequence.maximumGaps).map { gap in
                    let position = stream.trades.position(of: gap.firstID, by: \.id)
                    var moved = gap.of(instrument)
                    moved.firstID += base
                    moved.lastID += base
                    return StoredIDGap(
                        gap: moved,
                        precedingTime: position > 0 ? stream.trades[position - 1].time : nil,
                        followingTime: stream.trades[position...].first { $0.id > gap.lastID }?.time
                    )
                }
            }
        }
    }

    /// The gaps of the stream's first numbering that overlap a range of ids.
    package func gaps(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [IDGap] {
        try open { tables, numbers in
            tables.gaps(of: numbers.streams[Int(instrument.index)], overlapping: ids).map { $0.of(instrument) }
        }
    }

    /// The instrument's bars of a range of slots.
    package func bars(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        try open { tables, numbers in
            tables.bars(of: numbers.instruments[Int(instrument.index)], timeframe)
                .elements(in: slots, by: \.slot).map { $0.of(instrument) }
        }
    }

    /// The instrument's bars of the last `count` slots.
    package func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        try open { tables, numbers in
            tables.bars(of: numbers.instruments[Int(instrument.index)], timeframe, last: count)
                .map { $0.of(instrument) }
        }
    }

    /// The stored states of a pair's readings at a timeframe.
    package func readingStates(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe
    ) async throws -> [ReadingState] {
        try open { tables, numbers in
            let (first, second) = (numbers.instruments[Int(y.index)], numbers.instruments[Int(x.index)])
            let found = tables.states.values.filter {
                $0.y == InstrumentID(first) && $0.x == InstrumentID(second) && $0.timeframe == timeframe
            }
            return found.sorted { ($0.window, $0.settings) < ($1.window, $1.settings) }.map { state in
                var state = state
                (state.y, state.x) = (y, x)
                return state
            }
        }
    }
}

extension MemoryTables {
    /// The gaps of a stream that overlap a range of ids.
    func gaps(of stream: Int, overlapping ids: ClosedRange<Int64>) -> [IDGap] {
        streams[stream].gaps.filter { $0.firstID <= ids.upperBound && $0.lastID >= ids.lowerBound }
    }

    /// The bars of an instrument.
    func bars(of instrument: Int, _ timeframe: Timeframe) -> [Bar] {
        bars[BarKey(instrument: instrument, timeframe: timeframe)] ?? []
    }

    /// The bars of an instrument in the last `count` slots that end at the newest bar, of those up to a slot.
    func bars(of instrument: Int, _ timeframe: Timeframe, last count: Int, through slot: Int64 = .max) -> [Bar] {
        let bars = bars(of: instrument, timeframe).elements(in: .min...slot, by: \.slot)
        guard count > 0, let last = bars.last?.slot else { return [] }
        let (first, overflow) = last.subtractingReportingOverflow(Int64(count - 1))
        return bars.filter { $0.slot >= (overflow ? .min : first) }
    }
}

extension Trade {
    /// The same trade with the number of an instrument.
    func of(_ instrument: InstrumentID) -> Trade {
        var trade = self
        trade.instrument = instrument
        return trade
    }
}

extension Bar {
    /// The same bar with the number of an instrument.
    func of(_ instrument: InstrumentID) -> Bar {
        var bar = self
        bar.instrument = instrument
        return bar
    }
}

extension IDGap {
    /// The same gap with the number of an instrument.
    func of(_ instrument: InstrumentID) -> IDGap {
        var gap = self
        gap.instrument = instrument
        return gap
    }
}

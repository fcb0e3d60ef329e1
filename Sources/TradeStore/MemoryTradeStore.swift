package import MarketData
import Synchronization

/// A store in memory, for `storage.path: ":memory:"`. It is also an example of the protocol.
///
/// ```swift
/// let store = MemoryTradeStore(streams: streams)
/// let written = try await store.write(StoreBatch(trades: trades))
/// ```
package final class MemoryTradeStore: TradeStore {
    private struct BarKey: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
    }

    private struct State {
        /// By ascending id.
        var trades: [InstrumentID: [Trade]] = [:]
        /// By ascending slot.
        var bars: [BarKey: [Bar]] = [:]
        /// By ascending first id.
        var gaps: [InstrumentID: [IDGap]] = [:]
        var states: [ReadingState.Key: ReadingState] = [:]
        var isClosed = false
    }

    /// The streams that have been added.
    package let streams: StreamTable
    /// The trade ids that fit: the same as those of ``SQLiteTradeStore``, so that both accept the same trades.
    package var acceptedIDs: Range<Int64> { TradeNumbering.ids }

    private let state = Mutex(State())

    /// An empty store.
    package init(streams: StreamTable) {
        self.streams = streams
    }

    /// Adds streams to the table.
    package func add(_ streams: [TradeStream]) async throws -> [InstrumentID] {
        streams.map { self.streams.add($0) }
    }

    /// Writes a batch, all of it or nothing, and returns how many of its trades were new.
    package func write(_ batch: StoreBatch) async throws -> Int {
        try Task.checkCancellation()
        if let trade = batch.trades.first(where: { !acceptedIDs.contains($0.id) }) {
            throw StoreError.idOutOfRange(stream: streams[trade.instrument], id: trade.id)
        }
        return try open { state in
            let new = batch.trades.count { trade in
                state.trades[trade.instrument, default: []].insert(trade, by: \.id, isReplacing: false)
            }
            for bar in batch.bars {
                let key = BarKey(instrument: bar.instrument, timeframe: bar.timeframe)
                _ = state.bars[key, default: []].insert(bar, by: \.slot, isReplacing: true)
            }
            for change in batch.gapChanges {
                switch change {
                case .put(let gap):
                    _ = state.gaps[gap.instrument, default: []].insert(gap, by: \.firstID, isReplacing: true)
                case .remove(let instrument, let firstID):
                    guard let gaps = state.gaps[instrument] else { continue }
                    let position = gaps.position(of: firstID, by: \.firstID)
                    if position < gaps.count, gaps[position].firstID == firstID {
                        state.gaps[instrument]?.remove(at: position)
                    }
                }
            }
            for readingState in batch.states { state.states[readingState.key] = readingState }
            return new
        }
    }

    /// The trade with the greatest id of the stream.
    package func lastTrade(of instrument: InstrumentID) async throws -> Trade? {
        try open { $0.trades[instrument]?.last }
    }

    /// The greatest id of the stream that is stored or inside a gap.
    package func lastKnownID(of instrument: InstrumentID) async throws -> Int64? {
        try open { state in
            [state.trades[instrument]?.last?.id, state.gaps[instrument]?.map(\.lastID).max()].compactMap(\.self).max()
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

    private func gaps(_ kind: IDGapState, of instrument: InstrumentID) throws -> [StoredIDGap] {
        try open { state in
            let trades = state.trades[instrument] ?? []
            return (state.gaps[instrument] ?? []).filter { $0.state == kind }.map { gap in
                let position = trades.position(of: gap.firstID, by: \.id)
                return StoredIDGap(
                    gap: gap,
                    precedingTime: position > 0 ? trades[position - 1].time : nil,
                    followingTime: trades[position...].first { $0.id > gap.lastID }?.time
                )
            }
        }
    }

    /// The stream's trades from a time on.
    package func trades(of instrument: InstrumentID, from time: Timestamp) async throws -> [Trade] {
        try open { ($0.trades[instrument] ?? []).filter { $0.time >= time } }
    }

    /// The instrument's bars of a range of slots.
    package func bars(
        of instrument: InstrumentID,
        timeframe: Timeframe,
        slots: ClosedRange<Int64>
    ) async throws -> [Bar] {
        try open { state in
            let bars = state.bars[BarKey(instrument: instrument, timeframe: timeframe)] ?? []
            let from = bars[bars.position(of: slots.lowerBound, by: \.slot)...]
            return Array(from.prefix { $0.slot <= slots.upperBound })
        }
    }

    /// The instrument's bars of the last `count` slots.
    package func bars(of instrument: InstrumentID, timeframe: Timeframe, last count: Int) async throws -> [Bar] {
        try open { state in
            let bars = state.bars[BarKey(instrument: instrument, timeframe: timeframe)] ?? []
            guard count > 0, let last = bars.last?.slot else { return [] }
            let (first, overflow) = last.subtractingReportingOverflow(Int64(count - 1))
            return Array(bars[bars.position(of: overflow ? .min : first, by: \.slot)...])
        }
    }

    /// The stored states of a pair's readings at a timeframe.
    package func readingStates(
        of y: InstrumentID,
        _ x: InstrumentID,
        timeframe: Timeframe
    ) async throws -> [ReadingState] {
        try open { state in
            state.states.values.filter { $0.y == y && $0.x == x && $0.timeframe == timeframe }
                .sorted { ($0.window, $0.settings) < ($1.window, $1.settings) }
        }
    }

    /// The memory in bytes that the rows use.
    package func sizeInBytes() async throws -> Int64 {
        try open { state in
            let trades = state.trades.values.reduce(0) { $0 + $1.count } * MemoryLayout<Trade>.stride
            let bars = state.bars.values.reduce(0) { $0 + $1.count } * MemoryLayout<Bar>.stride
            let states = state.states.values.reduce(0) { $0 + $1.state.count + MemoryLayout<ReadingState>.stride }
            return Int64(trades + bars + states)
        }
    }

    /// Removes what is older than its retention.
    package func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async throws -> PruneOutcome {
        try open { state in
            var outcome = PruneOutcome()
            for instrument in instruments {
                let lastID = state.trades[instrument]?.last?.id
                outcome.trades += state.trades[instrument]?.remove { $0.time < time && $0.id != lastID } ?? 0
                if let firstID = state.trades[instrument]?.first?.id {
                    outcome.gaps += state.gaps[instrument]?.remove { $0.lastID < firstID } ?? 0
                }
                for (timeframe, before) in bars {
                    let key = BarKey(instrument: instrument, timeframe: timeframe)
                    outcome.bars += state.bars[key]?.remove { $0.openTime < before } ?? 0
                    let old = state.states.filter { key, state in
                        key.y == instrument && key.timeframe == timeframe && timeframe.openTime(of: state.slot) < before
                    }
                    for key in old.keys { state.states[key] = nil }
                    outcome.states += old.count
                }
            }
            return outcome
        }
    }

    /// Removes everything.
    package func close() async throws {
        state.withLock { state in
            state = State()
            state.isClosed = true
        }
    }

    private func open<Value: Sendable>(_ body: (inout State) -> Value) throws -> Value {
        try state.withLock { state in
            if state.isClosed { throw StoreError.failed(path: ":memory:", reason: "the store has been closed") }
            return body(&state)
        }
    }
}

extension Array {
    /// The position of the first element whose key is at least `key`, in an array that ascends by its keys.
    fileprivate func position(of key: Int64, by path: KeyPath<Element, Int64>) -> Int {
        if let last, last[keyPath: path] < key { return count }
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self[middle][keyPath: path] < key {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    /// Inserts an element at its position; returns whether its key is new.
    fileprivate mutating func insert(_ element: Element, by path: KeyPath<Element, Int64>, isReplacing: Bool) -> Bool {
        let position = position(of: element[keyPath: path], by: path)
        guard position < count, self[position][keyPath: path] == element[keyPath: path] else {
            insert(element, at: position)
            return true
        }
        if isReplacing { self[position] = element }
        return false
    }

    /// Removes elements; returns their number.
    fileprivate mutating func remove(_ isRemoved: (Element) -> Bool) -> Int {
        let before = count
        removeAll(where: isRemoved)
        return before - count
    }
}

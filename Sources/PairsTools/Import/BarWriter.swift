import MarketData
import TradeStore

/// Writes rebuilt bars in short transactions, and removes the bars of slots for which none was built.
struct BarWriter {
    private enum Step {
        case put(RebuiltBar)
        /// Slots that have bars without trades.
        case clear(Timeframe, ClosedRange<Int64>)
    }

    private let store: any RebuiltBarStore
    private let instrument: InstrumentID
    /// The slots that are not yet written.
    private var rest: [Timeframe: ArraySlice<ClosedRange<Int64>>]
    private var pace = TransactionPace()

    /// - Parameter slots: the slots that are written; bars of others are left out.
    init(store: any RebuiltBarStore, instrument: InstrumentID, slots: [Timeframe: [ClosedRange<Int64>]]) {
        self.store = store
        self.instrument = instrument
        rest = slots.mapValues { $0[...] }
    }

    /// Writes bars, of each length in ascending order; returns those that belong to the slots.
    mutating func write(_ bars: [RebuiltBar]) async throws -> [Bar] {
        var steps: [Step] = []
        var written: [Bar] = []
        for bar in bars {
            let (timeframe, slot) = (bar.bar.timeframe, bar.bar.slot)
            while let range = rest[timeframe]?.first, range.lowerBound <= slot {
                if range.lowerBound < slot {
                    steps += try await clearing(range.lowerBound...min(range.upperBound, slot - 1), of: timeframe)
                }
                if slot < range.upperBound {
                    rest[timeframe]?.replaceFirst(with: (slot + 1)...range.upperBound)
                } else {
                    rest[timeframe]?.removeFirst()
                }
                guard slot <= range.upperBound else { continue }
                steps.append(.put(bar))
                written.append(bar.bar)
                break
            }
        }
        try await run(steps)
        return written
    }

    /// Removes the bars of the slots that are left.
    mutating func finish() async throws {
        var steps: [Step] = []
        for (timeframe, ranges) in rest {
            for range in ranges { steps += try await clearing(range, of: timeframe) }
        }
        rest = [:]
        try await run(steps)
    }

    /// Steps that remove the bars of a range of slots, found without a transaction that writes: the range may hold
    /// millions of bars that stay.
    private func clearing(_ slots: ClosedRange<Int64>, of timeframe: Timeframe) async throws -> [Step] {
        try await store.untradedSlots(of: instrument, timeframe: timeframe, in: slots).map { .clear(timeframe, $0) }
    }

    private mutating func run(_ steps: [Step]) async throws {
        let (store, instrument) = (store, instrument)
        var next = 0
        while next < steps.count {
            var bars: [RebuiltBar] = []
            var slots: [(Timeframe, ClosedRange<Int64>)] = []
            let end = min(steps.count, next + pace.rows)
            for step in steps[next..<end] {
                switch step {
                case .put(let bar): bars.append(bar)
                case .clear(let timeframe, let range): slots.append((timeframe, range))
                }
            }
            try await pace.run(rows: end - next) {
                try await store.replaceBars(bars, clearing: slots, of: instrument)
            }
            next = end
        }
    }
}

extension ArraySlice {
    fileprivate mutating func replaceFirst(with element: Element) {
        self[startIndex] = element
    }
}

import MarketData

/// The rows that a store has after gap changes, by stream and first id.
struct IDGapLedger {
    private struct Key: Hashable {
        let instrument: InstrumentID
        let firstID: Int64
    }

    private var rows: [Key: IDGap] = [:]

    mutating func apply(_ changes: [IDGapChange]) {
        for change in changes {
            switch change {
            case .put(let gap):
                rows[Key(instrument: gap.instrument, firstID: gap.firstID)] = gap
            case .remove(let instrument, let firstID):
                rows[Key(instrument: instrument, firstID: firstID)] = nil
            }
        }
    }

    func gaps(of instrument: Int = 0) -> [IDGap] {
        rows.values.filter { $0.instrument == InstrumentID(instrument) }.sorted { $0.firstID < $1.firstID }
    }

    /// The state of every id that a row names; nil when two rows name the same.
    func statesByID(of instrument: Int = 0) -> [Int64: IDGapState]? {
        var states: [Int64: IDGapState] = [:]
        for gap in gaps(of: instrument) {
            for id in gap.firstID...gap.lastID {
                guard states.updateValue(gap.state, forKey: id) == nil else { return nil }
            }
        }
        return states
    }
}

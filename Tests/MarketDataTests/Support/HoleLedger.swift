import MarketData

/// What a store makes of hole changes: rows by stream and first id.
struct HoleLedger {
    private struct Key: Hashable {
        let instrument: InstrumentID
        let firstID: Int64
    }

    private var rows: [Key: Hole] = [:]

    mutating func apply(_ changes: [HoleChange]) {
        for change in changes {
            switch change {
            case .put(let hole):
                rows[Key(instrument: hole.instrument, firstID: hole.firstID)] = hole
            case .remove(let instrument, let firstID):
                rows[Key(instrument: instrument, firstID: firstID)] = nil
            }
        }
    }

    func holes(of instrument: Int = 0) -> [Hole] {
        rows.values.filter { $0.instrument == InstrumentID(instrument) }.sorted { $0.firstID < $1.firstID }
    }

    /// The state of every id that a row names; nil when two rows name the same.
    func statesByID(of instrument: Int = 0) -> [Int64: HoleState]? {
        var states: [Int64: HoleState] = [:]
        for hole in holes(of: instrument) {
            for id in hole.firstID...hole.lastID {
                guard states.updateValue(hole.state, forKey: id) == nil else { return nil }
            }
        }
        return states
    }
}

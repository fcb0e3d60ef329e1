extension IDGapChange {
    private struct Row: Hashable {
        var instrument: InstrumentID
        var firstID: Int64
    }

    private var row: Row {
        switch self {
        case .put(let gap): Row(instrument: gap.instrument, firstID: gap.firstID)
        case .remove(let instrument, let firstID): Row(instrument: instrument, firstID: firstID)
        }
    }

    private var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }

    /// The changes that lead to the same rows in fewest steps: a page of repaired ids moves the edge of its gap a
    /// thousand times, and only the last edge need be written.
    static func merged(_ changes: [IDGapChange]) -> [IDGapChange] {
        guard changes.count > 4 else { return changes }
        var last: [Row: Int] = [:]
        var isMadeHere: Set<Row> = []
        for (index, change) in changes.enumerated() {
            if last.updateValue(index, forKey: change.row) == nil, !change.isRemoval { isMadeHere.insert(change.row) }
        }
        return changes.enumerated().compactMap { index, change in
            guard last[change.row] == index else { return nil }
            return change.isRemoval && isMadeHere.contains(change.row) ? nil : change
        }
    }
}

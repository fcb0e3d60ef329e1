/// A set of ids, nearly all of which follow another.
struct IDRanges: Equatable {
    /// Ascending and apart by at least one id.
    private(set) var ranges: [ClosedRange<Int64>] = []

    func contains(_ id: Int64) -> Bool {
        let index = position(of: id)
        return index > 0 && ranges[index - 1].contains(id)
    }

    mutating func insert(_ id: Int64) {
        let index = position(of: id)
        if index > 0, ranges[index - 1].contains(id) { return }
        let joinsLower = index > 0 && ranges[index - 1].upperBound == id - 1
        let joinsUpper = index < ranges.count && ranges[index].lowerBound == id + 1
        switch (joinsLower, joinsUpper) {
        case (true, true):
            ranges[index - 1] = ranges[index - 1].lowerBound...ranges[index].upperBound
            ranges.remove(at: index)
        case (true, false):
            ranges[index - 1] = ranges[index - 1].lowerBound...id
        case (false, true):
            ranges[index] = id...ranges[index].upperBound
        case (false, false):
            ranges.insert(id...id, at: index)
        }
    }

    mutating func remove(_ ids: ClosedRange<Int64>) {
        ranges = ranges.flatMap { range -> [ClosedRange<Int64>] in
            guard range.overlaps(ids) else { return [range] }
            var rest: [ClosedRange<Int64>] = []
            if range.lowerBound < ids.lowerBound { rest.append(range.lowerBound...(ids.lowerBound - 1)) }
            if range.upperBound > ids.upperBound { rest.append((ids.upperBound + 1)...range.upperBound) }
            return rest
        }
    }

    /// The ids of both sets.
    func intersection(_ ids: ClosedRange<Int64>) -> IDRanges {
        var common = IDRanges()
        common.ranges = ranges.filter { $0.overlaps(ids) }.map { $0.clamped(to: ids) }
        return common
    }

    /// The position of the first range that begins after an id.
    private func position(of id: Int64) -> Int {
        var index = ranges.count
        // Nearly always the id after the last one.
        while index > 0, ranges[index - 1].lowerBound > id { index -= 1 }
        return index
    }
}

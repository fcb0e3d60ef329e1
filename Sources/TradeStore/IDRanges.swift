/// A set of ids, nearly all of which are consecutive.
struct IDRanges: Equatable {
    /// Ascending; at least one id lies between two ranges.
    private(set) var ranges: [ClosedRange<Int64>] = []

    /// No ids.
    init() {}

    /// All ids of a range.
    init(_ ids: ClosedRange<Int64>) {
        ranges = [ids]
    }

    /// Adds the ids of another set.
    mutating func formUnion(_ other: IDRanges) {
        var joined: [ClosedRange<Int64>] = []
        for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, last.upperBound >= range.lowerBound - 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        ranges = joined
    }

    func contains(_ id: Int64) -> Bool {
        let index = position(endingFrom: id)
        return index < ranges.count && ranges[index].contains(id)
    }

    mutating func insert(_ id: Int64) {
        let index = position(endingFrom: id)
        if index < ranges.count, ranges[index].contains(id) { return }
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
        let found = positions(overlapping: ids)
        guard let first = ranges[found].first, let last = ranges[found].last else { return }
        var rest: [ClosedRange<Int64>] = []
        if first.lowerBound < ids.lowerBound { rest.append(first.lowerBound...(ids.lowerBound - 1)) }
        if last.upperBound > ids.upperBound { rest.append((ids.upperBound + 1)...last.upperBound) }
        ranges.replaceSubrange(found, with: rest)
    }

    /// The ids that both sets have.
    func intersection(_ ids: ClosedRange<Int64>) -> IDRanges {
        var common = IDRanges()
        common.ranges = overlapping(ids).map { $0.clamped(to: ids) }
        return common
    }

    /// The ranges that contain some of these ids.
    func overlapping(_ ids: ClosedRange<Int64>) -> ArraySlice<ClosedRange<Int64>> {
        ranges[positions(overlapping: ids)]
    }

    private func positions(overlapping ids: ClosedRange<Int64>) -> Range<Int> {
        let start = position(endingFrom: ids.lowerBound)
        let end = position(endingFrom: ids.upperBound)
        let reachesEnd = end < ranges.count && ranges[end].lowerBound <= ids.upperBound
        return start..<(reachesEnd ? end + 1 : end)
    }

    /// The position of the first range that ends at an id or beyond it.
    private func position(endingFrom id: Int64) -> Int {
        // In nearly all cases the id follows the last one.
        if let last = ranges.last, last.upperBound < id { return ranges.count }
        var found = ranges.indices
        while !found.isEmpty {
            let middle = found.lowerBound + found.count / 2
            found = ranges[middle].upperBound >= id ? found.lowerBound..<middle : (middle + 1)..<found.upperBound
        }
        return found.lowerBound
    }
}

import MarketData

/// Ranges of ids, ascending and disjoint. Overlapping ones are found by binary search, because there may be a million.
struct IDRuns {
    private let runs: [ClosedRange<Int64>]

    /// - Parameter ranges: ascending by their lower bounds.
    init(_ ranges: [ClosedRange<Int64>]) {
        runs = ranges.reduce(into: []) { runs, range in
            if let last = runs.last, last.overlaps(range) {
                runs[runs.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                runs.append(range)
            }
        }
    }

    /// The ids of a range without these.
    func subtracted(from ids: ClosedRange<Int64>) -> [ClosedRange<Int64>] {
        var candidates = runs.indices
        while !candidates.isEmpty {
            let middle = candidates.lowerBound + candidates.count / 2
            if runs[middle].upperBound < ids.lowerBound {
                candidates = (middle + 1)..<candidates.upperBound
            } else {
                candidates = candidates.lowerBound..<middle
            }
        }
        return ids.subtracting(Array(runs[candidates.lowerBound...].prefix { $0.lowerBound <= ids.upperBound }))
    }
}

/// The buckets of one sign of a native histogram: counts by the exponent of their upper bound.
struct NativeBuckets: Sendable, Hashable {
    private var first = 0
    private var counts: [UInt64] = []

    /// The number of indices from the first to the last bucket in use.
    var width: Int { counts.count }

    var isEmpty: Bool { counts.isEmpty }

    /// The count of a bucket, 0 for buckets that are not in use.
    subscript(index: Int) -> UInt64 {
        let offset = index - first
        return counts.indices.contains(offset) ? counts[offset] : 0
    }

    /// The width with one more index.
    func width(including index: Int) -> Int {
        if counts.isEmpty { return 1 }
        return max(index, first + counts.count - 1) - min(index, first) + 1
    }

    mutating func add(_ count: UInt64, at index: Int) {
        if counts.isEmpty { first = index }
        if index < first {
            counts.insert(contentsOf: repeatElement(0, count: first - index), at: 0)
            first = index
        } else if index >= first + counts.count {
            counts += repeatElement(0, count: index - first - counts.count + 1)
        }
        counts[index - first] += count
    }

    /// Merges every two buckets into one of twice the relative width.
    mutating func halveResolution() {
        var merged = NativeBuckets()
        for (offset, count) in counts.enumerated() where count > 0 {
            // Bucket i counts (b^(i-1), b^i], so 2k-1 and 2k become k.
            merged.add(count, at: (first + offset + 1) >> 1)
        }
        self = merged
    }

    /// Ranges of adjacent buckets that are not empty, ascending.
    var runs: [Range<Int>] {
        var runs: [Range<Int>] = []
        for (offset, count) in counts.enumerated() where count > 0 {
            let index = first + offset
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<(index + 1)
            } else {
                runs.append(index..<(index + 1))
            }
        }
        return runs
    }
}

/// Medians by selection, without a full sort.
enum Median {
    /// The median, the mean of the middle two of an even number; NaN for none.
    static func of(_ values: [Double]) -> Double {
        var values = values
        return values.withUnsafeMutableBufferPointer { of($0) }
    }

    /// The median of values that may be put in another order; NaN for none.
    static func of(_ values: UnsafeMutableBufferPointer<Double>) -> Double {
        guard !values.isEmpty else { return .nan }
        let upper = select(values.count / 2, in: values)
        guard values.count.isMultiple(of: 2) else { return upper }
        // After the selection no value before the middle is above it.
        let lower = values[..<(values.count / 2)].max() ?? upper
        return lower + (upper - lower) / 2
    }

    /// The value at `position` in ascending order; smaller ones end up before it.
    static func select(_ position: Int, in values: inout [Double]) -> Double {
        values.withUnsafeMutableBufferPointer { select(position, in: $0) }
    }

    /// Hoare's selection with a pivot of three.
    private static func select(_ position: Int, in values: UnsafeMutableBufferPointer<Double>) -> Double {
        var low = 0
        var high = values.count - 1
        while low < high {
            let pivot = middle(values[low], values[(low + high) / 2], values[high])
            var (left, right) = (low, high)
            while left <= right {
                while values[left] < pivot { left += 1 }
                while values[right] > pivot { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if position <= right {
                high = right
            } else if position >= left {
                low = left
            } else {
                break
            }
        }
        return values[position]
    }

    private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}

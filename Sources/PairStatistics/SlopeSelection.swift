/// The k-th smallest of the slopes between all pairs of points, in O(n·log n) time and O(n) memory.
///
/// A slope of at most m between two points means that y - m·x does not rise from the left one to the right one, so the
/// slopes up to m are counted as inversions by a merge sort (Cole, Salowe, Steiger and Szemerédi 1989). Bisection over
/// the representable numbers narrows the range down to a few slopes per point; those are listed and selected from.
struct SlopeSelection {
    /// Ascending in x, then in y.
    private let points: [SIMD2<Double>]
    /// Pairs of equal points, which every count of inversions holds.
    private let equalPairs: Int
    /// Pairs with different x: the number of slopes.
    let count: Int

    init(x: [Double], y: [Double]) {
        points = zip(x, y).map { SIMD2($0, $1) }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        equalPairs = Self.pairs(points) { $0 == $1 }
        count = points.count * (points.count - 1) / 2 - Self.pairs(points) { $0.x == $1.x }
    }

    /// Median of the slopes, the mean of the middle two of an even number; nil when no two points differ in x.
    var median: Double? {
        guard count > 0 else { return nil }
        let upper = slope(rank: count / 2)
        return count.isMultiple(of: 2) ? (upper + slope(rank: count / 2 - 1)) / 2 : upper
    }

    /// The slope with `rank` slopes before it in ascending order.
    private func slope(rank: Int) -> Double {
        // Bounds as ordered bit patterns: low is below the wanted slope, high is not.
        var low = Self.order(-Double.infinity)
        var high = Self.order(Double.greatestFiniteMagnitude)
        var (belowLow, upToHigh) = (0, count)
        while upToHigh - belowLow > 8 * points.count {
            let middle = (low & high) + ((low ^ high) >> 1)
            guard middle > low, middle < high else { return Self.value(high) }
            let below = inversions(at: Self.value(middle))
            if below <= rank {
                (low, belowLow) = (middle, below)
            } else {
                (high, upToHigh) = (middle, below)
            }
        }
        var slopes = slopes(above: Self.value(low), upTo: Self.value(high))
        guard rank - belowLow < slopes.count else { return Self.value(high) }
        return Median.select(max(0, rank - belowLow), in: &slopes)
    }

    /// Number of slopes up to m.
    private func inversions(at m: Double) -> Int {
        var keys = points.map { $0.y - m * $0.x }
        var space = keys
        var count = 0
        Self.mergeSort(&keys, &space, order: { $0 < $1 }) { left, _ in count += left.count }
        return count - equalPairs
    }

    /// The slopes in low <.. high.
    private func slopes(above low: Double, upTo high: Double) -> [Double] {
        let beforeAll = low == -Double.infinity
        let start =
            beforeAll
            ? points
            : points.sorted {
                let (a, b) = ($0.y - low * $0.x, $1.y - low * $1.x)
                return a != b ? a < b : $0.x > $1.x
            }
        var keyed = start.map { SIMD4($0.x, $0.y, $0.y - high * $0.x, 0) }
        var space = keyed
        var slopes: [Double] = []
        Self.mergeSort(&keyed, &space, order: { $0.z < $1.z }) { left, right in
            for point in left where point.x < right.x {
                slopes.append((right.y - point.y) / (right.x - point.x))
            }
        }
        return slopes
    }

    /// Sorts bottom up; `visit` is called with every element of a right run and those left of it that are not smaller.
    private static func mergeSort<Element>(
        _ elements: inout [Element],
        _ space: inout [Element],
        order: (Element, Element) -> Bool,
        visit: (ArraySlice<Element>, Element) -> Void
    ) {
        var width = 1
        while width < elements.count {
            for start in stride(from: 0, to: elements.count, by: 2 * width) {
                let middle = min(start + width, elements.count)
                let end = min(start + 2 * width, elements.count)
                var (left, right) = (start, middle)
                for target in start..<end {
                    if right == end || (left < middle && order(elements[left], elements[right])) {
                        space[target] = elements[left]
                        left += 1
                    } else {
                        if left < middle { visit(elements[left..<middle], elements[right]) }
                        space[target] = elements[right]
                        right += 1
                    }
                }
            }
            swap(&elements, &space)
            width *= 2
        }
    }

    /// Pairs within runs of neighbours that are alike.
    private static func pairs(_ points: [SIMD2<Double>], alike: (SIMD2<Double>, SIMD2<Double>) -> Bool) -> Int {
        var total = 0
        var run = 0
        for index in points.indices.dropFirst() {
            run = alike(points[index - 1], points[index]) ? run + 1 : 0
            total += run
        }
        return total
    }

    /// An integer that orders as the numbers do.
    private static func order(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: value.bitPattern)
        return bits < 0 ? Int64.min - bits : bits
    }

    private static func value(_ order: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: order < 0 ? Int64.min - order : order))
    }
}

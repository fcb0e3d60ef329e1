import RealModule

/// The weaker of the two Engle-Granger statistics of a pair, for many pairs of series of one length.
///
/// It equals the larger statistic of ``EngleGranger`` in both directions (constant, AIC) to rounding, and needs a few
/// microseconds because its storage is kept and the products of lagged differences follow from each other. A null
/// distribution by simulation is made of it: `CointegrationNullTable` and ``WildBootstrap``.
public struct MutualStatistic: Sendable {
    /// Values of a series.
    let count: Int
    /// Fewest lagged differences in the regression of the residual.
    let minimumLag: Int
    /// Most lagged differences (Schwert 1989, as in ``AugmentedDickeyFuller``).
    let maximumLag: Int
    /// What the residual sum of squares with a number of regressors is multiplied by: Akaike's criterion without a
    /// logarithm.
    private let penalties: [Double]
    private var storage: [Double]

    /// Keeps storage for series of one length.
    ///
    /// - Parameters:
    ///   - count: values of a series, at least 21.
    ///   - minimumLag: fewest lagged differences, 0 or more. With 2, a price that bounces between bid and ask is not
    ///     mistaken for one that reverts (Schwert 1989 on moving averages).
    /// - Throws: `tooFew` when the longest regression leaves no degree of freedom, `invalidLag` when the minimum is
    ///   negative or above the maximum.
    public init(count: Int, minimumLag: Int = 0) throws(UndefinedStatistic) {
        guard count > 20 else { throw .tooFew }
        let schwert = Int((12 * (Double(count) / 100).squareRoot().squareRoot()).rounded(.up))
        let maximumLag = min(count / 2 - 1, schwert)
        guard (0...maximumLag).contains(minimumLag) else { throw .invalidLag }
        self.count = count
        self.minimumLag = minimumLag
        self.maximumLag = maximumLag
        let rows = Double(count - 1 - maximumLag)
        penalties = (0...(maximumLag + 1)).map { Double.exp(2 * Double($0) / rows) }
        let columns = maximumLag + 2
        storage = [Double](repeating: 0, count: 4 * count + columns * (Self.stride(columns) + 1))
    }

    /// The larger t statistic of both directions.
    ///
    /// - Parameters:
    ///   - y: one-bar changes of one leg, one fewer than `count`.
    ///   - x: those of the other leg, of the same number.
    /// - Returns: nil when the numbers differ, a leg does not move, the legs are the same line or the residual follows
    ///   its own past exactly.
    mutating func larger(changesOfY y: [Double], x: [Double]) -> Double? {
        guard y.count == count - 1, x.count == count - 1 else { return nil }
        return y.withUnsafeBufferPointer { y in
            x.withUnsafeBufferPointer { x in
                guard let y = y.baseAddress, let x = x.baseAddress else { return nil }
                return larger(y, x)
            }
        }
    }

    /// t statistic of one direction: y on x and a constant.
    ///
    /// - Parameters:
    ///   - y: one-bar changes of the dependent leg, one fewer than `count`.
    ///   - x: those of the regressor, of the same number.
    /// - Returns: nil as for ``larger(changesOfY:x:)``.
    public mutating func oneDirection(changesOfY y: [Double], x: [Double]) -> Double? {
        guard y.count == count - 1, x.count == count - 1 else { return nil }
        return y.withUnsafeBufferPointer { y in
            x.withUnsafeBufferPointer { x in
                guard let y = y.baseAddress, let x = x.baseAddress else { return nil }
                return statistics(y, x, both: false)
            }
        }
    }

    @inline(__always)
    mutating func larger(_ y: UnsafePointer<Double>, _ x: UnsafePointer<Double>) -> Double? {
        statistics(y, x, both: true)
    }

    private static func stride(_ columns: Int) -> Int { (columns + 3) & ~3 }

    private mutating func statistics(
        _ y: UnsafePointer<Double>,
        _ x: UnsafePointer<Double>,
        both: Bool
    ) -> Double? {
        let shape = Shape(count: count, minimumLag: minimumLag, maximumLag: maximumLag)
        return storage.withUnsafeMutableBufferPointer { storage in
            penalties.withUnsafeBufferPointer { penalties in
                guard let base = storage.baseAddress, let penalties = penalties.baseAddress else { return nil }
                let levels = (y: base, x: base + shape.count)
                let moments = shape.fillLevels(levels, y, x)
                guard moments.yy > 0, moments.xx > 0 else { return nil }
                let determinant = moments.yy * moments.xx - moments.xy * moments.xy
                // The bound of EngleGranger.
                guard determinant > 100 * Double.ulpOfOne.squareRoot() * moments.yy * moments.xx else { return nil }
                let residual = base + 2 * shape.count
                let change = base + 3 * shape.count
                let gram = base + 4 * shape.count
                let slope = moments.xy / moments.xx
                Self.combine(levels.y, levels.x, slope, into: residual, count: shape.count)
                Self.combine(y, x, slope, into: change, count: shape.count - 1)
                guard let first = shape.statistic(residual, change, gram, penalties) else { return nil }
                guard both else { return first }
                let inverse = moments.xy / moments.yy
                Self.combine(levels.x, levels.y, inverse, into: residual, count: shape.count)
                Self.combine(x, y, inverse, into: change, count: shape.count - 1)
                guard let second = shape.statistic(residual, change, gram, penalties) else { return nil }
                return max(first, second)
            }
        }
    }

    /// a - slope·b.
    @inline(__always)
    private static func combine(
        _ a: UnsafePointer<Double>,
        _ b: UnsafePointer<Double>,
        _ slope: Double,
        into result: UnsafeMutablePointer<Double>,
        count: Int
    ) {
        var index = 0
        while index < count {
            result[index] = a[index] - slope * b[index]
            index &+= 1
        }
    }
}

/// The regressions of one length, on storage of the caller.
private struct Shape {
    let count: Int
    let minimumLag: Int
    let maximumLag: Int

    /// Share of a sum of squares below which only rounding remains in normal equations.
    private static let rounding = 1e-12

    /// Levels about their means, and their squares and product.
    @inline(__always)
    func fillLevels(
        _ levels: (y: UnsafeMutablePointer<Double>, x: UnsafeMutablePointer<Double>),
        _ y: UnsafePointer<Double>,
        _ x: UnsafePointer<Double>
    ) -> (yy: Double, xx: Double, xy: Double) {
        var level = SIMD2<Double>.zero
        var total = SIMD2<Double>.zero
        levels.y[0] = 0
        levels.x[0] = 0
        var index = 1
        while index < count {
            level += SIMD2(y[index &- 1], x[index &- 1])
            total += level
            levels.y[index] = level.x
            levels.x[index] = level.y
            index &+= 1
        }
        let mean = total / Double(count)
        VectorProducts.add(-mean.x, to: levels.y, count: count)
        VectorProducts.add(-mean.y, to: levels.x, count: count)
        return (
            VectorProducts.dot(levels.y, levels.y, count: count),
            VectorProducts.dot(levels.x, levels.x, count: count),
            VectorProducts.dot(levels.y, levels.x, count: count)
        )
    }

    /// Dickey-Fuller t statistic without constant; lags by Akaike's criterion on the common sample.
    @inline(__always)
    func statistic(
        _ level: UnsafePointer<Double>,
        _ change: UnsafePointer<Double>,
        _ gram: UnsafeMutablePointer<Double>,
        _ penalties: UnsafePointer<Double>
    ) -> Double? {
        var columns = maximumLag + 2
        var stride = (columns + 3) & ~3
        fill(gram, level, change, lags: maximumLag, levelIsLast: false)
        let response = (columns - 1) * stride + columns - 1
        let variance = gram[response]
        // Squares of the columns, behind the matrix.
        let squares = gram + columns * stride
        var best = (criterion: Double.infinity, lags: minimumLag)
        if variance > 0 {
            for column in 0..<columns { squares[column] = gram[column * stride + column] }
            var rank = 0
            for column in 0...maximumLag {
                if eliminate(gram, column, of: squares[column], columns: columns, stride: stride) { rank += 1 }
                let isExact = gram[response] <= Self.rounding * variance
                let criterion = isExact ? 0 : gram[response] * penalties[rank]
                if column >= minimumLag, criterion < best.criterion { best = (criterion, column) }
            }
        }

        let lags = best.lags
        columns = lags + 2
        stride = (columns + 3) & ~3
        fill(gram, level, change, lags: lags, levelIsLast: true)
        for column in 0..<columns { squares[column] = gram[column * stride + column] }
        var rank = 0
        for column in 0..<lags where eliminate(gram, column, of: squares[column], columns: columns, stride: stride) {
            rank += 1
        }
        let pivot = gram[lags * stride + lags]
        let product = gram[lags * stride + lags + 1]
        let rest = gram[(lags + 1) * stride + lags + 1] - product * product / pivot
        let freedom = Double(count - 1 - lags - rank - 1)
        guard pivot > Self.rounding * squares[lags], rest > Self.rounding * squares[lags + 1], freedom > 0 else {
            return nil
        }
        return product / (pivot * rest / freedom).squareRoot()
    }

    /// Products of the columns over rows lags ..< changes: above the diagonal, row by row.
    ///
    /// Columns: the level before the lags 1, 2 … or behind them, then the response. With P(i,j) = Σ d₋ᵢd₋ⱼ and
    /// C(i) = Σ e·d₋ᵢ, where d is the change of e: P(i+1,j+1) is P(i,j) but for one term at either end, and
    /// C(i+1) = C(i) + P(0,i) but for the same.
    @inline(__always)
    private func fill(
        _ gram: UnsafeMutablePointer<Double>,
        _ e: UnsafePointer<Double>,
        _ d: UnsafePointer<Double>,
        lags: Int,
        levelIsLast: Bool
    ) {
        let changes = count - 1
        let rows = changes - lags
        let columns = lags + 2
        let stride = (columns + 3) & ~3
        let response = columns - 1
        let level = levelIsLast ? lags : 0
        let shift = levelIsLast ? -1 : 0
        let start = d + lags
        for distance in 0...lags {
            var product = VectorProducts.dot(start, start - distance, count: rows)
            gram[distance == 0 ? response * stride + response : (distance + shift) * stride + response] = product
            var lag = 1
            while lag &+ distance <= lags {
                let early = lags &- lag
                let late = changes &- lag
                product += d[early] * d[early &- distance] - d[late] * d[late &- distance]
                gram[(lag &+ shift) * stride &+ lag &+ distance &+ shift] = product
                lag &+= 1
            }
        }
        gram[level * stride + level] = VectorProducts.dot(e + lags, e + lags, count: rows)
        let (first, last) = (e[lags], e[changes])
        var product = (last * last - first * first - gram[response * stride + response]) / 2
        gram[level * stride + response] = product
        for lag in Swift.stride(from: 1, through: lags, by: 1) {
            let before = lag == 1 ? response * stride + response : (lag - 1 + shift) * stride + response
            product += gram[before] + first * d[lags - lag] - last * d[changes - lag]
            let place = lag + shift
            gram[place < level ? place * stride + level : level * stride + place] = product
        }
    }

    /// Subtracts one column, whose squares were `squares`, from those behind it.
    /// - Returns: false when it depends on those before it.
    @inline(__always)
    private func eliminate(
        _ gram: UnsafeMutablePointer<Double>,
        _ column: Int,
        of squares: Double,
        columns: Int,
        stride: Int
    ) -> Bool {
        let source = gram + column * stride
        guard source[column] > Self.rounding * squares else { return false }
        let inverse = 1 / source[column]
        guard inverse < .infinity else { return false }
        var row = column + 1
        while row < columns {
            let factor = source[row] * inverse
            let target = gram + row * stride
            var index = row & ~3
            while index < stride {
                let place = UnsafeMutableRawPointer(target + index)
                let value =
                    place.loadUnaligned(as: SIMD4<Double>.self)
                    - factor * UnsafeRawPointer(source + index).loadUnaligned(as: SIMD4<Double>.self)
                place.storeBytes(of: value, as: SIMD4<Double>.self)
                index &+= 4
            }
            row &+= 1
        }
        return true
    }
}

/// The normal equations of a Dickey-Fuller regression, built from shifted products and factorised in column order.
struct DickeyFullerGram {
    private let regression: DickeyFullerRegression
    private let lags: Int
    private let slopes: [[Double]]
    private let rows: Int
    private let columns: Int
    /// Length of a row of the matrix, the columns and the response rounded up to a multiple of the vector width.
    private let stride: Int
    private let levelColumn: Int
    private let firstLag: Int

    /// Below this share of a column left after the earlier ones, or of the response after all, the squared condition
    /// number would show in the ninth digit.
    private static let conditionLimit = 1e-3

    init(
        _ regression: DickeyFullerRegression,
        lags: Int,
        position: DickeyFullerRegression.LevelPosition,
        slopes: [[Double]]
    ) {
        self.regression = regression
        self.lags = lags
        self.slopes = slopes
        let trend = regression.trendColumns
        rows = regression.change.count - lags
        columns = trend + 1 + lags
        stride = (columns + 4) & ~3
        levelColumn = position == .beforeLags ? trend : columns - 1
        firstLag = position == .beforeLags ? trend + 1 : trend
    }

    /// The nested fits, nil when the equations are ill conditioned.
    func solve() -> NestedRegression? {
        // The matrix, and its diagonal behind it.
        let size = (columns + 1) * stride
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: size + columns + 1) { storage in
            guard let gram = storage.baseAddress else { return nil }
            gram.initialize(repeating: 0, count: size + columns + 1)
            fill(gram)
            guard factorise(gram, diagonal: gram + size) else { return nil }
            let projections = [Double](unsafeUninitializedCapacity: columns) { buffer, count in
                for column in 0..<columns {
                    buffer.initializeElement(at: column, to: gram[column * stride + columns])
                }
                count = columns
            }
            let residual = gram[columns * stride + columns]
            return NestedRegression(
                rows: rows,
                projections: projections,
                dependentColumns: [],
                residual: residual * residual
            )
        }
    }

    /// Column of the difference lagged by `lag`; lag 0 is the response.
    @inline(__always)
    private func column(ofLag lag: Int) -> Int { lag == 0 ? columns : firstLag + lag - 1 }

    /// Where the product of two columns is kept: above the diagonal.
    @inline(__always)
    private func place(_ a: Int, _ b: Int) -> Int { a < b ? a * stride + b : b * stride + a }

    private func fill(_ gram: UnsafeMutablePointer<Double>) {
        regression.change.withUnsafeBufferPointer { changes in
            regression.level.withUnsafeBufferPointer { levels in
                guard let d = changes.baseAddress, let x = levels.baseAddress.map({ $0 + lags }) else { return }
                if regression.trendColumns > 0 { fillConstant(gram, d, x) }
                for (index, values) in slopes.enumerated() {
                    values.withUnsafeBufferPointer { values in
                        guard let slope = values.baseAddress else { return }
                        let row = index + 1
                        gram[place(row, row)] = VectorProducts.dot(slope, slope, count: rows)
                        gram[place(row, levelColumn)] = VectorProducts.dot(slope, x, count: rows)
                        for lag in 0...lags {
                            let product = VectorProducts.dot(slope, d + (lags - lag), count: rows)
                            gram[place(row, column(ofLag: lag))] = product
                        }
                    }
                }
                gram[place(levelColumn, levelColumn)] = VectorProducts.dot(x, x, count: rows)
                for lag in 0...lags {
                    let product = VectorProducts.dot(x, d + (lags - lag), count: rows)
                    gram[place(levelColumn, column(ofLag: lag))] = product
                }
                for distance in 0...lags { fillLags(gram, d, distance: distance) }
            }
        }
    }

    /// Products with the constant column. The slopes are orthogonal to it.
    private func fillConstant(
        _ gram: UnsafeMutablePointer<Double>,
        _ d: UnsafePointer<Double>,
        _ x: UnsafePointer<Double>
    ) {
        gram[0] = Double(rows)
        gram[place(0, levelColumn)] = VectorProducts.sum(x, count: rows)
        let end = rows + lags
        let core = VectorProducts.sum(d + lags, count: rows - lags)
        var tail = core
        for lag in Swift.stride(from: lags, through: 0, by: -1) {
            if lag < lags { tail += d[end - 1 - lag] }
            gram[place(0, column(ofLag: lag))] = tail
        }
        var head = 0.0
        for lag in Swift.stride(from: 1, through: lags, by: 1) {
            head += d[lags - lag]
            gram[place(0, column(ofLag: lag))] += head
        }
    }

    /// Products of all pairs of lags a fixed distance apart. They share all but a few terms at either end; those ends
    /// are added to the shared core, never subtracted, so that an outlier at the edge does not cost digits.
    @inline(__always)
    private func fillLags(_ gram: UnsafeMutablePointer<Double>, _ d: UnsafePointer<Double>, distance: Int) {
        let end = rows + lags
        let deepest = lags - distance
        var tail = VectorProducts.dot(d + lags, d + deepest, count: rows - lags)
        for s in (end - lags)..<(end - deepest) { tail += d[s] * d[s - distance] }
        gram[place(column(ofLag: deepest), column(ofLag: lags))] = tail
        for lag in Swift.stride(from: deepest - 1, through: 0, by: -1) {
            let s = end - 1 - lag
            tail += d[s] * d[s - distance]
            gram[place(column(ofLag: lag), column(ofLag: lag + distance))] = tail
        }
        var head = 0.0
        for lag in Swift.stride(from: 1, through: deepest, by: 1) {
            let s = lags - lag
            head += d[s] * d[s - distance]
            gram[place(column(ofLag: lag), column(ofLag: lag + distance))] += head
        }
    }

    /// Cholesky in place: U above the diagonal, row by row, with U'U the matrix. Complete vectors are updated, so
    /// entries below the diagonal have no meaning.
    private func factorise(_ gram: UnsafeMutablePointer<Double>, diagonal: UnsafeMutablePointer<Double>) -> Bool {
        for row in 0...columns { diagonal[row] = gram[row * stride + row] }
        for row in 0...columns {
            let pivots = gram + row * stride
            guard pivots[row] > Self.conditionLimit * diagonal[row] else { return false }
            let pivot = pivots[row].squareRoot()
            let inverse = 1 / pivot
            pivots[row] = pivot
            var column = row + 1
            while column <= columns {
                pivots[column] *= inverse
                column &+= 1
            }
            var target = row + 1
            while target <= columns {
                let factor = pivots[target]
                let updated = gram + target * stride
                var index = target & ~3
                while index < stride {
                    let source = UnsafeRawPointer(pivots + index).loadUnaligned(as: SIMD4<Double>.self)
                    let place = UnsafeMutableRawPointer(updated + index)
                    let value = place.loadUnaligned(as: SIMD4<Double>.self) - factor * source
                    place.storeBytes(of: value, as: SIMD4<Double>.self)
                    index &+= 4
                }
                target &+= 1
            }
        }
        return true
    }
}

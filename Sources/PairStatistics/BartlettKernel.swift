/// Sums of autocovariances with Bartlett's weights, 1 - i/(l+1), which never give a negative variance.
enum BartlettKernel {
    /// Σv² + 2·Σᵢ(1 - i/(l+1))·Σ v·v₋ᵢ of a series of mean 0.
    static func longRunSum(_ values: [Double], lags: Int) -> Double {
        var sum = lagged(values, 0)
        for lag in stride(from: 1, through: lags, by: 1) {
            sum += 2 * (1 - Double(lag) / Double(lags + 1)) * lagged(values, lag)
        }
        return sum
    }

    /// Σ v·v₋ₗ.
    static func lagged(_ values: [Double], _ lag: Int) -> Double {
        values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, lag < buffer.count else { return 0 }
            return VectorProducts.dot(base + lag, base, count: buffer.count - lag)
        }
    }
}

/// Whether all numbers of a series are finite.
enum Finiteness {
    /// True when no value is infinite or NaN.
    static func holds(_ series: [Double]) -> Bool {
        series.withUnsafeBufferPointer { values in
            // 0·v is 0 for finite v and NaN otherwise.
            var vector = SIMD8<Double>.zero
            var index = 0
            while index &+ 8 <= values.count, let base = values.baseAddress {
                vector += 0 * UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Double>.self)
                index &+= 8
            }
            return vector.sum() == 0 && values[index...].allSatisfy(\.isFinite)
        }
    }

    /// The largest absolute value of a series, 0 for none.
    static func magnitude(_ series: [Double]) -> Double {
        series.reduce(0) { max($0, abs($1)) }
    }
}

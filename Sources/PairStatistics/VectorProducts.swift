/// Dot products and the like over contiguous Doubles, four SIMD accumulators wide.
enum VectorProducts {
    /// Σ aᵢbᵢ.
    @inline(__always)
    static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
        var first = SIMD8<Double>.zero
        var second = SIMD8<Double>.zero
        var index = 0
        while index &+ 16 <= count {
            first += load(a, index) * load(b, index)
            second += load(a, index &+ 8) * load(b, index &+ 8)
            index &+= 16
        }
        var total = (first + second).sum()
        while index < count {
            total += a[index] * b[index]
            index &+= 1
        }
        return total
    }

    /// y += factor·x.
    @inline(__always)
    static func add(
        _ x: UnsafePointer<Double>,
        times factor: Double,
        to y: UnsafeMutablePointer<Double>,
        count: Int
    ) {
        var index = 0
        while index &+ 8 <= count {
            let sum = load(y, index) + factor * load(x, index)
            UnsafeMutableRawPointer(y + index).storeBytes(of: sum, as: SIMD8<Double>.self)
            index &+= 8
        }
        while index < count {
            y[index] += factor * x[index]
            index &+= 1
        }
    }

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<Double>, _ index: Int) -> SIMD8<Double> {
        UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<Double>.self)
    }
}

/// Sums and products over contiguous Doubles, wide enough for the compiler to keep the vector units busy.
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

    /// Σ (aᵢ - origin).
    @inline(__always)
    static func sum(_ a: UnsafePointer<Double>, count: Int, from origin: Double = 0) -> Double {
        var vector = SIMD8<Double>.zero
        var index = 0
        while index &+ 8 <= count {
            vector += load(a, index) - origin
            index &+= 8
        }
        var total = vector.sum()
        while index < count {
            total += a[index] - origin
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
            store(load(y, index) + factor * load(x, index), y, index)
            index &+= 8
        }
        while index < count {
            y[index] += factor * x[index]
            index &+= 1
        }
    }

    /// y += constant.
    @inline(__always)
    static func add(_ constant: Double, to y: UnsafeMutablePointer<Double>, count: Int) {
        var index = 0
        while index &+ 8 <= count {
            store(load(y, index) + constant, y, index)
            index &+= 8
        }
        while index < count {
            y[index] += constant
            index &+= 1
        }
    }

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<Double>, _ index: Int) -> SIMD8<Double> {
        UnsafeRawPointer(pointer + index).loadUnaligned(as: SIMD8<Double>.self)
    }

    @inline(__always)
    private static func store(_ value: SIMD8<Double>, _ pointer: UnsafeMutablePointer<Double>, _ index: Int) {
        UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: SIMD8<Double>.self)
    }
}

/// Observations in buckets that grow exponentially, of a resolution that adapts: a native histogram of Prometheus
/// (prometheus.io/docs/specs/native_histograms).
///
/// Bucket i of schema s counts values in (b^(i−1), b^i] with b = 2^(2^−s); at the first schema each bucket is 9 % wide.
struct NativeHistogram: Sendable, Hashable {
    /// Values up to this size count as zero, as in client_golang.
    static let zeroThreshold = 0x1p-128

    /// The initial resolution.
    static let initialSchema = 3
    /// The number of buckets in use above which the resolution is halved.
    static let maximumWidth = 160
    private static let minimumSchema = -4

    private(set) var schema = Self.initialSchema
    private(set) var zeroCount: UInt64 = 0
    private(set) var positive = NativeBuckets()
    private(set) var negative = NativeBuckets()

    /// b^j for j in 0..<2^3, the bounds within one power of two at the first schema.
    private static let bounds: [Double] = [
        1, 1.0905077326652577, 1.189207115002721, 1.2968395546510096, 1.414213562373095, 1.5422108254079407,
        1.681792830507429, 1.8340080864093424,
    ]

    /// Counts one finite value.
    mutating func observe(_ value: Double) {
        let magnitude = value.magnitude
        guard magnitude > Self.zeroThreshold else {
            zeroCount += 1
            return
        }
        var index = bucket(of: magnitude)
        while (value > 0 ? positive : negative).width(including: index) > Self.maximumWidth, schema > Self.minimumSchema
        {
            schema -= 1
            positive.halveResolution()
            negative.halveResolution()
            index = bucket(of: magnitude)
        }
        if value > 0 { positive.add(1, at: index) } else { negative.add(1, at: index) }
    }

    /// The bucket of a magnitude, which is a normal number because it is above the threshold.
    private func bucket(of magnitude: Double) -> Int {
        let significand = magnitude.significand
        let fine = Self.bounds.firstIndex { significand <= $0 } ?? Self.bounds.count
        let index = Int(magnitude.exponent) * Self.bounds.count + fine
        // Each step down in schema merges 2k−1 and 2k into k: a ceiling division.
        let step = Self.initialSchema - schema
        return (index + (1 << step) - 1) >> step
    }
}

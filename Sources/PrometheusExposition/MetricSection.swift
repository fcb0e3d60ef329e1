/// The encoded samples of one family.
struct MetricSection: Sendable {
    var bytes: [UInt8] = []
    /// Series in `bytes`; each bucket, sum and count of a histogram is one.
    var seriesCount = 0

    /// Empties the section but keeps its memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        seriesCount = 0
    }
}

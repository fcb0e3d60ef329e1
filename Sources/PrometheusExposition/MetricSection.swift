/// The encoded samples of one family, or the samples themselves where they are gathered.
struct MetricSection: Sendable {
    var bytes: [UInt8] = []
    var samples: [GatheredSample] = []
    /// Series in `bytes`; each bucket, sum and count of a histogram is one.
    var seriesCount = 0

    /// Empties the section but keeps its memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        samples = []
        seriesCount = 0
    }
}

/// What becomes of samples: encoded, or kept as values where they are gathered.
struct MetricOutput: Sendable {
    var bytes: [UInt8] = []
    var samples: [GatheredSample] = []
    /// Series written; each bucket, sum and count of a histogram is one.
    var seriesCount = 0
}

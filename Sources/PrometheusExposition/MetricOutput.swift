/// The result of writing samples: encoded bytes, or values where they are gathered.
struct MetricOutput: Sendable {
    var bytes: [UInt8] = []
    var samples: [GatheredSample] = []
    /// Series written; each bucket, sum and count of a histogram is one.
    var seriesCount = 0
}

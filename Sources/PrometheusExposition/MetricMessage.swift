/// Appends `io.prometheus.client.Metric` messages as fields of their family
/// (github.com/prometheus/client_model, `metrics.proto`).
enum MetricMessage {
    private static let metricField: UInt8 = 4
    private static let labelField: UInt8 = 1
    private static let gaugeField: UInt8 = 2
    private static let counterField: UInt8 = 3
    private static let histogramField: UInt8 = 7

    /// The fields of a family before its metrics.
    static func header(of family: MetricFamily) -> [UInt8] {
        let type: UInt64 =
            switch family.kind {
            case .counter: 0
            case .gauge, .info: 1
            case .histogram: 4
            }
        var bytes: [UInt8] = []
        ProtobufWriter.append(1, family.name.utf8, to: &bytes)
        ProtobufWriter.append(2, family.help.utf8, to: &bytes)
        ProtobufWriter.append(3, varint: type, to: &bytes)
        if let unit = family.unit { ProtobufWriter.append(5, unit.utf8, to: &bytes) }
        return bytes
    }

    /// A counter, gauge or info metric. Lengths are computed before, so that no bytes are moved.
    static func append(_ value: Double, kind: MetricKind, labels: LabelSet, to bytes: inout [UInt8]) {
        // The tag of the double and its eight bytes, and tag and length of the message around them.
        let valueSize = 9
        let size = labels.pairs.reduce(2 + valueSize) { size, label in
            size + ProtobufWriter.fieldSize(size: labelSize(label))
        }
        ProtobufWriter.append(metricField, size: size, to: &bytes)
        append(labels, to: &bytes)
        ProtobufWriter.append(kind == .counter ? counterField : gaugeField, size: valueSize, to: &bytes)
        ProtobufWriter.append(1, double: value, to: &bytes)
    }

    /// A histogram with its classic buckets and its native ones.
    static func append(_ histogram: HistogramData, labels: LabelSet, to bytes: inout [UInt8]) {
        ProtobufWriter.append(metricField, to: &bytes) { bytes in
            append(labels, to: &bytes)
            ProtobufWriter.append(histogramField, to: &bytes) { bytes in
                ProtobufWriter.append(1, varint: histogram.counts.reduce(0, +), to: &bytes)
                ProtobufWriter.append(2, double: histogram.sum, to: &bytes)
                appendBuckets(histogram, to: &bytes)
                append(histogram.native, to: &bytes)
            }
        }
    }

    private static func append(_ labels: LabelSet, to bytes: inout [UInt8]) {
        for label in labels.pairs {
            ProtobufWriter.append(labelField, size: labelSize(label), to: &bytes)
            ProtobufWriter.append(1, label.name.utf8, to: &bytes)
            ProtobufWriter.append(2, label.value.utf8, to: &bytes)
        }
    }

    private static func labelSize(_ label: (name: String, value: String)) -> Int {
        ProtobufWriter.fieldSize(size: label.name.utf8.count) + ProtobufWriter.fieldSize(size: label.value.utf8.count)
    }

    /// The bucket of +Inf is left out: it equals the count.
    private static func appendBuckets(_ histogram: HistogramData, to bytes: inout [UInt8]) {
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds.upperBounds, histogram.counts) {
            cumulative += count
            ProtobufWriter.append(3, to: &bytes) { bytes in
                ProtobufWriter.append(1, varint: cumulative, to: &bytes)
                ProtobufWriter.append(2, double: bound, to: &bytes)
            }
        }
    }

    private static func append(_ histogram: NativeHistogram, to bytes: inout [UInt8]) {
        ProtobufWriter.append(5, zigzag: Int64(histogram.schema), to: &bytes)
        ProtobufWriter.append(6, double: NativeHistogram.zeroThreshold, to: &bytes)
        ProtobufWriter.append(7, varint: histogram.zeroCount, to: &bytes)
        append(histogram.negative, spanField: 9, deltaField: 10, to: &bytes)
        append(histogram.positive, spanField: 12, deltaField: 13, to: &bytes)
        if histogram.positive.isEmpty, histogram.negative.isEmpty, histogram.zeroCount == 0 {
            // An empty span distinguishes a native histogram without observations from a classic one.
            ProtobufWriter.append(12, to: &bytes) { bytes in
                ProtobufWriter.append(1, zigzag: 0, to: &bytes)
                ProtobufWriter.append(2, varint: 0, to: &bytes)
            }
        }
    }

    /// Runs of buckets that are not empty, each bucket as the difference to the one before.
    private static func append(
        _ buckets: NativeBuckets,
        spanField: UInt8,
        deltaField: UInt8,
        to bytes: inout [UInt8]
    ) {
        var end: Int?
        for run in buckets.runs {
            ProtobufWriter.append(spanField, to: &bytes) { bytes in
                ProtobufWriter.append(1, zigzag: Int64(run.lowerBound - (end ?? 0)), to: &bytes)
                ProtobufWriter.append(2, varint: UInt64(run.count), to: &bytes)
            }
            end = run.upperBound
        }
        var previous: Int64 = 0
        for run in buckets.runs {
            for index in run {
                let count = Int64(buckets[index])
                ProtobufWriter.append(deltaField, zigzag: count - previous, to: &bytes)
                previous = count
            }
        }
    }
}

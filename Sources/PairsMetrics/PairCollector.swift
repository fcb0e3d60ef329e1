import PairEngine
package import PrometheusExposition

/// Writes the metrics about pairs, row by row of ``PairMetrics/table``.
package struct PairCollector: MetricCollector {
    private let pairs: [PairDescription]
    private let labels: PairLabels
    private let interpretations: LatestLabels<Interpretation>
    private let latest: @Sendable () -> PairsSnapshot

    /// - Parameters:
    ///   - pairs: all pairs, in the order of the engine's definitions.
    ///   - latest: the present state of these pairs.
    package init(_ pairs: [PairDescription], latest: @escaping @Sendable () -> PairsSnapshot) {
        self.pairs = pairs
        labels = PairLabels(pairs)
        interpretations = LatestLabels(count: labels.isFull.count)
        self.latest = latest
    }

    /// Writes all families.
    package func collect(into writer: inout MetricsWriter) {
        let snapshot = latest()
        let isFull = labels.isFull
        let scrape = PairScrape(
            pairs: pairs,
            labels: labels,
            snapshot: snapshot,
            isCurrent: zip(isFull, snapshot.isStale).map { $0 && !$1 },
            interpretations: interpretations
        )
        let (values, starts) = Self.values(snapshot.readings)
        for (row, metric) in PairMetrics.table.enumerated() {
            writer.family(metric.family) { samples in
                if let write = metric.scrape { return write(scrape, &samples) }
                guard let value = metric.value else { return }
                let (start, count) = (starts[row], value.count)
                samples.write(labels.further[row] ?? labels.own, upTo: snapshot.readings.count * count) { position in
                    let index = count == 1 ? position : position / count
                    guard metric.isCore || isFull[index], metric.outlivesStaleness || !snapshot.isStale[index] else {
                        return nil
                    }
                    return values[start + position]
                }
            }
        }
    }

    /// The values of all rows that follow from readings alone, row by row, and where each row begins.
    private static func values(_ readings: PairReadings) -> (values: [Double?], starts: [Int]) {
        let rows = PairMetrics.table.map { $0.scrape == nil ? $0.value : nil }
        var (starts, end) = ([Int](), 0)
        for row in rows {
            starts.append(end)
            end += (row?.count ?? 0) * readings.count
        }
        var values: [Double?] = Array(repeating: nil, count: end)
        // The outer loop is over readings, because a reading is large and would be loaded again for each row.
        for (index, reading) in readings.enumerated() {
            // The loop is over positions, because closures in an array of their own copy the reading at each call.
            for row in rows.indices {
                switch rows[row] {
                case nil: continue
                case .one(let value): values[starts[row] + index] = value(reading)
                case .each(let labels, let value):
                    let start = starts[row] + index * labels.count
                    for position in labels.indices { values[start + position] = value(reading, position) }
                }
            }
        }
        return (values, starts)
    }
}

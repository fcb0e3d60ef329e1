import MarketData
import PairEngine
import PairsApp
import PairsMetrics
import PrometheusExposition

/// The samples of one window's readings: a value per series and bar, each valid from the bar's close plus lateness
/// until the next bar's, or until the reading is stale.
struct SampleHistory: Sendable {
    let series: [ReadingSeries]
    private let lateness: Int64
    private let carryLimit: Int
    private let timeframe: Timeframe
    private(set) var starts: [Timestamp] = []
    private var staleTimes: [Timestamp] = []
    /// The values of each series, bar by bar; NaN where there is none.
    private var values: [[Double]]
    /// The meaning of each reading.
    private var interpretations: [Interpretation] = []

    /// The labels with the sentences about a reading, where they are exported.
    let wording: (@Sendable (Interpretation) -> LabelSet)?
    private let thresholds: SignalThresholds

    init(
        series: [ReadingSeries],
        wording: (@Sendable (Interpretation) -> LabelSet)?,
        thresholds: SignalThresholds,
        timeframe: Timeframe,
        bars: BarsConfiguration
    ) {
        self.series = series
        self.wording = wording
        self.thresholds = thresholds
        self.timeframe = timeframe
        lateness = bars.lateness
        carryLimit = bars.carryLimit
        values = Array(repeating: [], count: series.count)
    }

    /// Records the reading after a bar.
    mutating func append(_ reading: PairReading, closeTime: Timestamp) {
        starts.append(closeTime + lateness)
        // The moment from which `PairReading.isStale` holds.
        let last = reading.tradedTime.map { $0 + (Int64(carryLimit) + 1) * timeframe.microseconds }
        staleTimes.append(last ?? Timestamp(microseconds: .max))
        if wording != nil { interpretations.append(Interpretation(reading, thresholds: thresholds)) }
        for (index, series) in series.enumerated() { values[index].append(series.value(reading) ?? .nan) }
    }

    /// When there are readings, in order: the span in which each is valid, adjacent ones joined. In a gap of the bars
    /// it is unknown what the program would have shown.
    var validSpans: [ClosedRange<Timestamp>] {
        var spans: [ClosedRange<Timestamp>] = []
        for (position, start) in starts.enumerated() {
            let end = end(of: position)
            if let last = spans.last, start - last.upperBound <= 1 {
                spans[spans.count - 1] = last.lowerBound...max(last.upperBound, end)
            } else {
                spans.append(start...max(start, end))
            }
        }
        return spans
    }

    /// The last moment of a reading: the next one replaces it, or a bar that follows the last carried one would have.
    private func end(of position: Int) -> Timestamp {
        let end = starts[position] + (Int64(carryLimit) + 1) * timeframe.microseconds
        return position + 1 < starts.count ? min(end, starts[position + 1] - 1) : end
    }

    /// Whether both have the same samples, to the last bit, up to the end of the shorter one.
    func agrees(with other: SampleHistory) -> Bool {
        let count = min(starts.count, other.starts.count)
        return starts.prefix(count) == other.starts.prefix(count)
            && staleTimes.prefix(count) == other.staleTimes.prefix(count)
            && interpretations.prefix(count) == other.interpretations.prefix(count)
            && zip(values, other.values).allSatisfy { own, others in
                zip(own.prefix(count), others.prefix(count)).allSatisfy { $0.bitPattern == $1.bitPattern }
            }
    }

    /// Calls `body` with each sample of a series in the order of time.
    /// - Parameters:
    ///   - index: the position of the series.
    ///   - step: microseconds between the repetitions of a sample.
    ///   - span: samples outside are left out.
    func samples(
        of index: Int,
        step: Int64,
        in span: ClosedRange<Timestamp>,
        _ body: (Timestamp, Double) -> Void
    ) {
        for (position, value) in values[index].enumerated() where value.isFinite {
            repeated(position, step, span, outlivesStaleness: series[index].outlivesStaleness) { body($0, value) }
        }
    }

    /// Calls `body` with each moment at which readings had a meaning, one meaning after another.
    func words(step: Int64, in span: ClosedRange<Timestamp>, _ body: (LabelSet, Timestamp) -> Void) {
        guard let wording else { return }
        let positions = Dictionary(grouping: interpretations.indices) { interpretations[$0] }
        for (interpretation, positions) in positions.sorted(by: { ($0.value.first ?? 0) < ($1.value.first ?? 0) }) {
            let labels = wording(interpretation)
            for position in positions {
                repeated(position, step, span, outlivesStaleness: false) { body(labels, $0) }
            }
        }
    }

    private func repeated(
        _ position: Int,
        _ step: Int64,
        _ span: ClosedRange<Timestamp>,
        outlivesStaleness: Bool,
        _ body: (Timestamp) -> Void
    ) {
        let stale = outlivesStaleness ? Timestamp(microseconds: .max) : staleTimes[position]
        let end = min(end(of: position), stale, span.upperBound)
        guard starts[position] <= end, span.lowerBound <= end else { return }
        var time = starts[position]
        if time < span.lowerBound {
            time = time + (span.lowerBound - time + step - 1) / step * step
        }
        while time <= end {
            body(time)
            time = time + step
        }
    }
}

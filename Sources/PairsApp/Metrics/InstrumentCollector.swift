import MarketData
import PrometheusExposition
import TradeStore

/// Writes the counts of single instruments.
struct InstrumentCollector: MetricCollector {
    private let labels: LabelTable
    /// For each instrument one label set per timeframe and state.
    private let barLabels: LabelTable
    /// For each instrument one label set per reason.
    private let discardLabels: LabelTable
    private let timeframes: [Timeframe]
    private let latestSnapshot: LatestSnapshot
    private let writer: StoreWriter
    /// The instruments in the order of the labels.
    private let instruments: [InstrumentID]
    /// For each instrument, the position of its feed and how far back, in microseconds, the feed requests missing
    /// trades.
    private let repairs: [(feed: Int, horizon: Int64)]

    init(
        feeds: [SessionFeed],
        streams: StreamTable,
        timeframes: [Timeframe],
        latestSnapshot: LatestSnapshot,
        writer: StoreWriter
    ) {
        instruments = feeds.flatMap(\.instruments)
        repairs = feeds.enumerated().flatMap { index, feed in
            feed.instruments.map { _ in (feed: index, horizon: feed.settings.repairHorizon) }
        }
        let labels: [LabelSet] = instruments.map { id in
            let instrument = streams[id].instrument
            return ["venue": instrument.venue.rawValue, "symbol": instrument.symbol]
        }
        self.labels = LabelTable(labels)
        barLabels = LabelTable(
            labels.flatMap { labels in
                timeframes.flatMap { timeframe in
                    let labels = labels.appending("timeframe", timeframe.label)
                    return BarState.allCases.map { labels.appending("state", $0.rawValue) }
                }
            }
        )
        discardLabels = LabelTable(
            labels.flatMap { labels in DiscardReason.allCases.map { labels.appending("reason", $0.rawValue) } }
        )
        self.timeframes = timeframes
        self.latestSnapshot = latestSnapshot
        self.writer = writer
    }

    func collect(into writer: inout MetricsWriter) {
        let snapshot = latestSnapshot.value
        let statuses = instruments.map { snapshot.instruments[$0] ?? InstrumentStatus() }
        let counts = statuses.map(\.counts)
        write(InstrumentMetrics.trades, counts.count, into: &writer) { Double(counts[$0].trades) }
        write(InstrumentMetrics.volume, counts.count, into: &writer) { counts[$0].volume }
        write(InstrumentMetrics.lastPrice, counts.count, into: &writer) { counts[$0].lastPrice }
        write(InstrumentMetrics.lastTrade, counts.count, into: &writer) { counts[$0].lastTradeTime?.seconds }
        writer.family(InstrumentMetrics.bars) { samples in
            let states = BarState.allCases
            var values = Array(repeating: 0.0, count: counts.count * timeframes.count * states.count)
            for instrument in counts.indices {
                // A loop over the entries avoids the hash of each lookup.
                for (timeframe, bars) in counts[instrument].bars {
                    guard let row = timeframes.firstIndex(of: timeframe) else { continue }
                    for (state, number) in bars {
                        guard let column = states.firstIndex(of: state) else { continue }
                        values[(instrument * timeframes.count + row) * states.count + column] = Double(number)
                    }
                }
            }
            samples.write(barLabels, upTo: values.count) { values[$0] }
        }
        writer.family(InstrumentMetrics.discarded) { samples in
            let reasons = DiscardReason.allCases
            var values = Array(repeating: 0.0, count: counts.count * reasons.count)
            for instrument in counts.indices {
                for (reason, number) in counts[instrument].discarded {
                    guard let column = reasons.firstIndex(of: reason) else { continue }
                    values[instrument * reasons.count + column] = Double(number)
                }
            }
            samples.write(discardLabels, upTo: values.count) { values[$0] }
        }
        write(InstrumentMetrics.gaps, counts.count, into: &writer) { Double(counts[$0].gaps) }
        write(InstrumentMetrics.missing, counts.count, into: &writer) { Double(counts[$0].missing) }
        write(InstrumentMetrics.repaired, counts.count, into: &writer) { Double(counts[$0].repaired) }
        write(InstrumentMetrics.numberingResets, counts.count, into: &writer) { Double(counts[$0].numberingResets) }
        write(InstrumentMetrics.duplicates, counts.count, into: &writer) { Double(counts[$0].duplicates) }
        write(InstrumentMetrics.late, counts.count, into: &writer) { Double(counts[$0].late) }
        let dropped = self.writer.metrics.droppedIDs
        writer.family(InstrumentMetrics.unrepaired) { samples in
            samples.write(labels, upTo: counts.count) { index in
                let lost = requestedAgain(dropped[instruments[index]], of: index, snapshot)
                return Double(counts[index].unrepaired) + Double(lost)
            }
        }
        writer.family(InstrumentMetrics.streamUp) { samples in
            samples.write(labels, upTo: statuses.count) { statuses[$0].isUp ? 1 : 0 }
        }
        let refused = snapshot.feeds.reduce(into: Set<InstrumentID>()) { $0.formUnion($1.refusedStreams) }
        write(InstrumentMetrics.refused, counts.count, into: &writer) { refused.contains(instruments[$0]) ? 1 : 0 }
    }

    /// How many of the ids that the store dropped are requested again by the feed of the instrument.
    private func requestedAgain(_ dropped: DroppedIDs?, of instrument: Int, _ snapshot: MarketSnapshot) -> Int {
        guard let dropped else { return 0 }
        let (feed, horizon) = repairs[instrument]
        guard let now = snapshot.feeds[feed].now else { return dropped.count }
        return dropped.lastTime >= now - horizon ? dropped.count : 0
    }

    private func write(
        _ family: MetricFamily,
        _ count: Int,
        into writer: inout MetricsWriter,
        _ value: (Int) -> Double?
    ) {
        writer.family(family) { $0.write(labels, upTo: count, value: value) }
    }
}

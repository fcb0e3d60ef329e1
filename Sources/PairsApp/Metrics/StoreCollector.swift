import PrometheusExposition
import TradeStore

/// Writes the counts and the state of the store.
struct StoreCollector: MetricCollector {
    let writer: StoreWriter
    let readFailures: Counter
    let damagedRows: Counter
    let fileReplacements: Counter
    let commitDuration: Histogram

    func collect(into output: inout MetricsWriter) {
        let counts = writer.metrics
        output.write(Double(counts.tradesWritten), StoreMetrics.written)
        output.write(Double(counts.writeFailures), StoreMetrics.failures)
        readFailures.collect(into: &output)
        damagedRows.collect(into: &output)
        fileReplacements.collect(into: &output)
        output.write(Double(counts.droppedTrades), StoreMetrics.dropped)
        output.write(Double(counts.droppedBars), StoreMetrics.droppedBars)
        output.write(Double(counts.refusedTrades), StoreMetrics.refused)
        output.write(Double(counts.queuedTrades), StoreMetrics.queued)
        output.write(counts.sizeInBytes > 0 ? Double(counts.sizeInBytes) : nil, StoreMetrics.size)
        commitDuration.collect(into: &output)
        output.write(Double(counts.prunedTrades), StoreMetrics.pruned)
    }
}

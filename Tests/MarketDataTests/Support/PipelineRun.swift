import MarketData

/// A venue pipeline under test, with its complete output.
struct PipelineRun {
    private(set) var pipeline: VenuePipeline
    private(set) var output = PipelineOutput()

    init(
        instruments: Int = 1,
        timeframes: [Timeframe],
        latenessMilliseconds: Int64 = 250,
        carryLimit: Int = 20,
        hasConsecutiveIDs: Bool = true
    ) {
        pipeline = VenuePipeline(
            instruments: (0..<instruments).map { InstrumentID($0) },
            timeframes: timeframes,
            lateness: latenessMilliseconds * 1000,
            carryLimit: carryLimit,
            hasConsecutiveIDs: hasConsecutiveIDs
        )
    }

    /// Delivers trades in this order, as one read each.
    mutating func send(_ trades: [Trade], present: Timestamp? = nil) {
        for trade in trades {
            pipeline.append(TradeBatch(trades: [trade], receivedAt: trade.time, present: present), into: &output)
        }
    }

    mutating func send(_ trades: Trade...) {
        send(trades)
    }

    mutating func tick(_ milliseconds: Int64, isFlowing: Bool = true) {
        pipeline.advanceClock(to: .milliseconds(milliseconds), isFlowing: isFlowing, into: &output)
    }

    /// Delivers trades of one read.
    mutating func send(batch trades: [Trade]) {
        pipeline.append(TradeBatch(trades: trades, receivedAt: trades.last?.time ?? .milliseconds(0)), into: &output)
    }

    /// Delivers requested trades.
    mutating func repair(_ trades: [Trade], receivedAt: Timestamp? = nil, numbering: Int64? = nil) {
        let arrival = receivedAt ?? pipeline.now ?? .milliseconds(0)
        let batch = TradeBatch(trades: trades, receivedAt: arrival, isRepair: true, numbering: numbering)
        pipeline.append(batch, into: &output)
    }

    mutating func dismiss(_ ids: ClosedRange<Int64>, numbering: Int64) {
        let id = InstrumentID(0)
        let missing = RepairRequest(instrument: id, ids: ids, before: .milliseconds(0), numbering: numbering)
        pipeline.dismiss(missing.knownIDs(ids), of: id, into: &output)
    }

    mutating func markUnrepairable(_ ids: ClosedRange<Int64>) {
        pipeline.markUnrepairable(ids, of: InstrumentID(0), into: &output)
    }

    mutating func adopt(_ candles: [Bar]) {
        pipeline.adopt(candles, of: InstrumentID(0), into: &output)
    }

    mutating func interrupt() {
        pipeline.interrupt()
    }

    mutating func interrupt(_ instrument: Int) {
        pipeline.interrupt(InstrumentID(instrument))
    }

    mutating func confirm() {
        pipeline.confirm(InstrumentID(0))
    }

    mutating func finish(at milliseconds: Int64) {
        pipeline.finish(at: .milliseconds(milliseconds), into: &output)
    }

    mutating func resume(_ instrument: Int, _ body: (inout BarPipeline) -> Void) {
        _ = pipeline.withPipeline(of: InstrumentID(instrument), body)
    }

    /// Adds an instrument with the stored state of an earlier run.
    mutating func add(_ instrument: Int, _ body: (inout BarPipeline) -> Void = { _ in }) {
        var added = pipeline.emptyPipeline(of: InstrumentID(instrument))
        body(&added)
        pipeline.add(added)
    }

    mutating func remove(_ instrument: Int) {
        pipeline.remove(InstrumentID(instrument))
    }

    func bars(of instrument: Int = 0) -> [Bar] {
        output.bars.filter { $0.instrument == InstrumentID(instrument) }
    }

    /// The bars of an instrument as `slot:state` or `slot:state@close`.
    func barTexts(of instrument: Int = 0) -> [String] {
        bars(of: instrument).map { bar in
            let close = bar.prices.map { "@\(Int($0.close))" } ?? ""
            return "\(bar.slot):\(bar.state)\(close)"
        }
    }

    func counts(of instrument: Int = 0) -> InstrumentCounts {
        pipeline.pipelines[instrument].counts
    }
}

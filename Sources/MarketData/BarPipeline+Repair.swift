/// The missing trades of an instrument and what the venue has in their place.
extension BarPipeline {
    /// Marks missing ids as unrepairable; see ``TradeSequence/markUnrepairable(_:changes:)``.
    mutating func markUnrepairable(_ ids: ClosedRange<Int64>, into output: inout PipelineOutput) {
        sequence.markUnrepairable(ids, changes: &output.gapChanges)
        counts.unrepaired = sequence.openCount
    }

    /// Removes missing ids that the venue never assigned; bars over them are complete.
    mutating func dismiss(_ ids: ClosedRange<Int64>, into output: inout PipelineOutput) {
        guard let span = sequence.dismiss(ids, changes: &output.gapChanges) else { return }
        counts.unrepaired = sequence.openCount
        if span.lowerBound < closedTime { markLate(span) }
        settle(into: &output)
    }

    /// ``counts`` without the missing ids from before the repair horizon.
    func counts(at now: Timestamp) -> InstrumentCounts {
        guard let repairHorizon, counts.unrepaired > 0 else { return counts }
        var counts = counts
        counts.unrepaired = sequence.openCount(from: now - repairHorizon)
        return counts
    }

    /// The newest missing ids to request from the venue. Ids after which no trade has an accepted time are left out.
    var missing: [RepairRequest] { sequence.missing(atMost: Self.missingLimit) }

    /// The most spans of ids that ``missing`` returns.
    private static let missingLimit = 1000

    /// The venue's numbering that ids belong to.
    var numbering: Int64 { sequence.numbering }

    /// Uses the venue's own candles where trades are missing.
    mutating func adopt(_ candles: [Bar], into output: inout PipelineOutput) {
        for index in builders.indices {
            let own = candles.filter { $0.timeframe == builders[index].timeframe }
            if !own.isEmpty { output.revisedBars += builders[index].adopt(own, sequence: sequence) }
        }
    }
}

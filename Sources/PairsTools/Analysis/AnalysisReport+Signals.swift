import PairEngine
import PairStatistics
import PairsApp
import PairsMetrics

extension AnalysisReport {
    /// Adds the evidence, the signals and the exporter's sentences about them.
    mutating func add(_ reading: PairReading, _ thresholds: SignalThresholds) {
        section("Evidence and signals")
        add(
            ReportFigure(
                "evidence",
                JSONValue(reading.evidence),
                "against no cointegration, over the tests of all rows; 1 is none"
            )
        )
        add(
            ReportFigure(
                "evidence_threshold",
                JSONValue(CointegrationEvidence.threshold),
                "from here on cointegration is proven"
            )
        )
        add(ReportFigure("proven", reading.evidence == nil ? .null : .string(reading.isProven ? "yes" : "no")))
        add(ReportFigure("data_quality", JSONValue(reading.dataQuality)))
        add(
            ReportFigure(
                "confidence",
                JSONValue(reading.confidence),
                "data quality × evidence / (evidence + threshold)"
            )
        )
        if reading.evidence == nil {
            // Evidence needs a test that counts towards it.
            let reason = reading.tests.flatMap(\.cointegration).reason ?? .tooFew
            for key in ["evidence", "proven", "confidence"] { explain(key, reason) }
        }
        if reading.dataQuality == nil { explain("data_quality", .warmingUp) }
        addSignals(reading)
        addWords(Interpretation(reading, thresholds: thresholds), missing: reading.missingObservations)
    }

    /// Adds what followed past extremes.
    mutating func add(_ efficacy: SignalEfficacy, unit: String) {
        add(
            ReportFigure(
                "efficacy",
                parts: [
                    ReportFigure("extremes", .integer(efficacy.count)),
                    ReportFigure("reverted", .integer(efficacy.reverted)),
                ],
                "z-score extremes whose spread came back half of the way within the half-life in \(unit)s estimated at "
                    + "their beginning"
            )
        )
    }

    private mutating func addSignals(_ reading: PairReading) {
        add(
            ReportFigure(
                "signals",
                parts: Signal.allCases.map { signal in
                    let words = reading.holds(signal).map { $0 ? "holds" : "does not hold" }
                    return ReportFigure(signal.rawValue, words.map { .string($0) } ?? .null)
                },
                "as the last observations leave them"
            )
        )
        for signal in Signal.allCases where reading.holds(signal) == nil {
            let isOfTests = signal == .stationarityRisk
            let reason = isOfTests ? reading.tests.flatMap(\.cointegration).reason : reading.fit.reason
            explain("signals.\(signal.rawValue)", reason ?? .tooFew)
        }
    }

    /// Adds the exporter's sentences to JSON; the text has the verdict in their place.
    private mutating func addWords(_ words: Interpretation, missing: Int) {
        add(
            ReportFigure(
                "interpretation",
                parts: [
                    ReportFigure("state", .string(words.state.name)),
                    ReportFigure("meaning", .string(words.meaning), isInText: false),
                    ReportFigure("confidence", .string(words.confidence), isInText: false),
                    ReportFigure("watch", .string(words.watch), isInText: false),
                    ReportFigure("missing_bars", .integer(missing), "that a fit still needs"),
                ],
                "the reading as the exporter would name it"
            )
        )
    }
}

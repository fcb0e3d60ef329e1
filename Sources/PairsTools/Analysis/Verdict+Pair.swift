import PairEngine
import PairStatistics
import PairsMetrics

extension Verdict {
    /// The verdict on a pair.
    init(_ facts: VerdictFacts) {
        relation = Self.relation(facts)
        position = Self.position(facts)
        reversion = Self.reversion(facts)
        watch = Self.watch(facts)
    }

    private static func relation(_ facts: VerdictFacts) -> String {
        let pair = "\(facts.names.y) and \(facts.names.x)"
        let tests = facts.isSingleWindow ? "The tests" : "The newest tests"
        let finding: String
        switch facts.finding {
        case .unknown(let reason):
            return "It is not known whether \(pair) are cointegrated: \(reason.explanation)."
        case .cointegration: finding = "\(tests) find cointegration of \(pair)"
        case .open: finding = "\(tests) leave open whether \(pair) are cointegrated"
        case .none: finding = "\(tests) find no cointegration of \(pair)"
        }
        return "\(finding) (\(pValues(facts))); \(trust(facts))."
    }

    private static func pValues(_ facts: VerdictFacts) -> String {
        var parts = (facts.tests?.calibratedPValue).map { ["calibrated p \(ReportBound.surfaceText($0))"] } ?? []
        if let pValues = facts.pValues {
            let (yOnX, xOnY) = (ReportBound.surfaceText(pValues.yOnX), ReportBound.surfaceText(pValues.xOnY))
            parts.append("Engle-Granger p \(yOnX) for y on x and \(xOnY) for x on y")
        }
        return parts.joined(separator: ", ")
    }

    private static func trust(_ facts: VerdictFacts) -> String {
        let reservations = reservations(facts).joined(separator: ", ")
        let proof = proof(facts)
        let reasons = [proof, reservations].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", although ")
        guard let confidence = facts.reading.confidence else {
            return "confidence in cointegration has no value: "
                + (reasons.isEmpty ? "no test counts as evidence" : reasons)
        }
        let level = ConfidenceLevel(confidence).rawValue
        return "confidence in cointegration is \(level)" + (reasons.isEmpty ? "" : ": \(reasons)")
    }

    /// The reasons against trusting the finding.
    private static func reservations(_ facts: VerdictFacts) -> [String] {
        var reasons: [String] = []
        let enough = AnalysisSettings.trustworthyObservations
        if let tested = facts.tests?.observations, tested < enough {
            reasons.append("\(tested) \(facts.unit)s tested are fewer than \(enough)")
        }
        if facts.isBreakSignalled { reasons.append("a break is signalled") }
        let legs = facts.revertingLegs
        if legs.count == 1 { reasons.append("\(legs[0]) reverts by itself") }
        if legs.count > 1 { reasons.append("both legs revert by themselves") }
        if facts.finding == .cointegration, facts.isStationarityRejected == true {
            reasons.append("KPSS rejects a stationary spread")
        }
        if let quality = facts.reading.dataQuality, quality < 0.9 {
            reasons.append("data quality is \(quality.significant)")
        }
        if facts.isSingleWindow {
            reasons.append("one window is a single look")
        } else if facts.reading.evidence != nil, !facts.reading.isProven {
            reasons.append("repeated tests do not prove it")
        }
        return reasons
    }

    /// The evidence of earlier windows, where it proves cointegration.
    private static func proof(_ facts: VerdictFacts) -> String? {
        guard !facts.isSingleWindow, facts.reading.isProven, let evidence = facts.reading.evidence else { return nil }
        return evidence < CointegrationEvidence.threshold
            ? "repeated tests still prove it, with less evidence" : "repeated tests prove it"
    }

    private static func position(_ facts: VerdictFacts) -> String {
        let (entry, exit) = (facts.thresholds.zScoreEntry.significant, facts.thresholds.zScoreExit.significant)
        guard let z = facts.reading.forecastZScore.value else {
            let reason = facts.reading.fit.reason ?? facts.reading.forecastZScore.reason ?? .tooFew
            return "It is not known where the spread stands: \(reason.explanation)."
        }
        let side = z < 0 ? "below" : "above"
        let shown = "forecast z \(z.significant)"
        switch facts.distance {
        case .beyondEntry:
            return "The spread is far \(side) its line: \(shown) is beyond the entry level of \(entry)"
                + (share(z, facts).map { "; unrelated random walks are as far away on \($0) of \(facts.unit)s." }
                    ?? ".")
        case .withinExit: return "The spread is close to its line: \(shown) is within the exit level of \(exit)."
        default:
            return
                "The spread is \(side) its line: \(shown) is between the exit level of \(exit) and the entry level of \(entry)."
        }
    }

    /// How often unrelated legs have at least this distance from their line.
    private static func share(_ z: Double, _ facts: VerdictFacts) -> String? {
        let isBound = ReportBound.ofBaseRate(z) != .none
        return ZScoreBaseRate.share(beyond: z, window: facts.reading.window, law: .unrelated, fit: .before)
            .map { (isBound ? "less than " : "") + (($0 * 1e4).rounded() / 1e2).significant + " %" }
    }

    private static func reversion(_ facts: VerdictFacts) -> String {
        switch facts.reading.tests.flatMap(\.halfLife) {
        case .success(let halfLife):
            let chance =
                facts.finding == .cointegration
                ? "" : "; without cointegration that may be chance"
            return "The spread's half-life is \(halfLife.words(unit: facts.unit, step: facts.step))\(chance)."
        case .failure(.notReverting):
            return "The spread shows no certain pull towards its line: its half-life has no upper bound."
        case .failure(.fasterThanBar):
            return "The spread reverts within one \(facts.unit), too fast for its half-life to be measured."
        case .failure(let reason): return "It is not known how fast the spread reverts: \(reason.explanation)."
        }
    }
}

extension HalfLife {
    /// The half-life, its precision and its interval.
    func words(unit: String, step: String?) -> String {
        "\(bars.significant) \(unit)s\(step.map { " of \($0)" } ?? ""), \(sureness) "
            + "(90 % interval from \(lowerBars.significant) to \(upperBars.significant))"
    }

    /// The precision of a half-life, by the width of its interval.
    var sureness: String {
        guard lowerBars > 0 else { return "hardly known" }
        let width = upperBars / lowerBars
        return width <= 3 ? "well known" : width <= 10 ? "roughly known" : "hardly known"
    }
}

import PairEngine
import PairStatistics
import PairsMetrics

extension Verdict {
    /// The next things to watch for a pair: its spread or its tests, then its correlation and its changes.
    static func watch(_ facts: VerdictFacts) -> [String] {
        [next(facts)] + Interpretation.watchBeyondSpread(facts.reading, thresholds: facts.thresholds)
    }

    private static func next(_ facts: VerdictFacts) -> String {
        if let reason = facts.reading.fit.reason ?? collinear(facts) { return withoutFit(reason, facts) }
        if facts.isBreakSignalled { return "Watch whether tests of later \(facts.unit)s find cointegration again." }
        if facts.distance == .beyondEntry { return far(facts) }
        let enough = AnalysisSettings.trustworthyObservations
        if facts.reading.observations < enough { return "Watch the same tests on at least \(enough) \(facts.unit)s." }
        switch facts.finding {
        case .cointegration: return "Watch whether tests of later \(facts.unit)s find cointegration again."
        case .unknown: return "Watch the tests of \(facts.unit)s without gaps."
        case .open, .none:
            let level = facts.thresholds.pValueExit.significant
            return "Watch whether the calibrated p of later \(facts.unit)s falls below \(level)."
        }
    }

    private static func far(_ facts: VerdictFacts) -> String {
        let exit = facts.thresholds.zScoreExit.significant
        guard facts.finding == .cointegration else {
            return "Watch whether z returns within its exit level of \(exit); without cointegration it may not."
        }
        guard let halfLife = facts.tests?.halfLife.value else {
            return "Watch whether z returns within its exit level of \(exit); its half-life is not known."
        }
        return "Watch whether the distance halves within \(halfLife.bars.significant) \(facts.unit)s, "
            + "at most \(halfLife.upperBars.significant)."
    }

    /// A fit whose residual is rounding noise has no spread to watch.
    private static func collinear(_ facts: VerdictFacts) -> UndefinedReason? {
        facts.reading.zScore.reason == .collinear ? .collinear : nil
    }

    private static func withoutFit(_ reason: UndefinedReason, _ facts: VerdictFacts) -> String {
        switch reason {
        case .flatLeg: "Watch whether both legs trade, and look at \(facts.unit)s of more time."
        case .collinear: "Watch whether one leg is quoted from the other; such a pair has no spread to study."
        case .gap, .stale: "Watch a window in which both legs have a value for each \(facts.unit)."
        default: "Watch the same pair with more \(facts.unit)s."
        }
    }
}

import PairEngine
import PairStatistics

extension Verdict {
    /// The verdict on a single series.
    init(_ analysis: SeriesAnalysis, source: AnalysisSource) {
        let name = source.name("series")
        relation = Self.relation(analysis, name, unit: source.unit)
        position = Self.position(analysis, name)
        reversion = Self.reversion(analysis, name, source)
        let enough = AnalysisSettings.trustworthyObservations
        watch = [
            analysis.observations < enough
                ? "Watch the same tests on at least \(enough) \(source.unit)s."
                : "Watch whether tests of later \(source.unit)s say the same."
        ]
    }

    private static func relation(_ analysis: SeriesAnalysis, _ name: String, unit: String) -> String {
        guard case .success(let adf) = analysis.adf else {
            return "It is not known whether \(name) is stationary: \(analysis.adf.reason?.seriesExplanation ?? "")."
        }
        let isReverting = adf.pValue < 0.05
        let found = isReverting ? "ADF rejects a unit root of \(name)" : "ADF does not reject a unit root of \(name)"
        let kpss = analysis.kpss.value.map { test -> String in
            let isRejected = test.pValue < 0.05
            let words = isRejected ? "KPSS rejects that it is stationary" : "KPSS does not reject that it is stationary"
            let conclusion =
                switch (isReverting, isRejected) {
                case (true, false): "both speak for a stationary series"
                case (false, true): "both speak for a unit root"
                case (false, false): "neither decides"
                case (true, true): "the two contradict each other"
                }
            return " and \(words) (p \(ReportBound.ofKPSS(test).text(test.pValue))): \(conclusion)"
        }
        let enough = AnalysisSettings.trustworthyObservations
        let few = analysis.observations < enough ? "; \(analysis.observations) \(unit)s are fewer than \(enough)" : ""
        return "\(found) (p \(ReportBound.surfaceText(adf.pValue)))\(kpss ?? "")\(few)."
    }

    private static func position(_ analysis: SeriesAnalysis, _ name: String) -> String {
        switch analysis.zScore {
        case .success(let z):
            "The last value lies \(abs(z).significant) standard deviations \(z < 0 ? "below" : "above") the mean."
        case .failure(let reason): "It is not known where \(name) stands: \(reason.seriesExplanation)."
        }
    }

    private static func reversion(_ analysis: SeriesAnalysis, _ name: String, _ source: AnalysisSource) -> String {
        switch analysis.halfLife {
        case .success(let halfLife):
            return "Its half-life is \(halfLife.words(unit: source.unit, step: source.stepText))."
        case .failure(.notReverting):
            return "It shows no certain pull towards its mean: its half-life has no upper bound."
        case .failure(.fasterThanBar):
            return "It reverts within one \(source.unit), too fast for its half-life to be measured."
        case .failure(let reason): return "It is not known how fast \(name) reverts: \(reason.seriesExplanation)."
        }
    }
}

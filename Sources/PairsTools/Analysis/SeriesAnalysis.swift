import PairEngine
import PairStatistics

/// The unit-root diagnostics of one series, or why there are none.
struct SeriesAnalysis: Sendable {
    let observations: Int
    /// The newest value.
    let last: Measured<Double>
    let moments: Measured<SeriesMoments>
    let halfLife: Measured<HalfLife>
    let adf: Measured<AugmentedDickeyFuller>
    let kpss: Measured<KPSS>
    let varianceRatio: Measured<VarianceRatio>
    /// How the analysis is made.
    let settings: AnalysisSettings

    /// The distance of the newest value from the mean in standard deviations.
    var zScore: Measured<Double> {
        last.flatMap { last in
            moments.flatMap { moments in
                let deviation = moments.standardDeviation
                return deviation > 0 ? .success((last - moments.mean) / deviation) : .failure(.flatLeg)
            }
        }
    }

    init(_ values: [Double], settings: AnalysisSettings) {
        self.settings = settings
        let series = Array(values.suffix(settings.window ?? values.count))
        observations = series.count
        last = series.last.map { .success($0) } ?? .failure(.tooFew)
        moments = Result { () throws(UndefinedStatistic) in try SeriesMoments(series) }
            .mapError(UndefinedReason.init)
        halfLife = Result { () throws(UndefinedStatistic) in try HalfLife(series, origin: .series) }
            .mapError(UndefinedReason.init)
        kpss = Result { () throws(UndefinedStatistic) in try KPSS(series) }.mapError(UndefinedReason.init)
        varianceRatio = Result { () throws(UndefinedStatistic) in
            try VarianceRatio(series, periods: AnalysisSettings.varianceRatioPeriods)
        }
        .mapError(UndefinedReason.init)
        adf = Result { () throws(UndefinedStatistic) in
            try AugmentedDickeyFuller(
                series,
                trend: settings.tests.trend,
                lagSelection: settings.tests.lagSelection,
                maximumLag: settings.tests.maximumLag
            )
        }
        .mapError(UndefinedReason.init)
    }
}

import PairEngine
import PairStatistics

/// The unit-root diagnostics of one series, or why there are none.
struct SeriesAnalysis: Sendable {
    let observations: Int
    let halfLife: Measured<HalfLife>
    let adf: Measured<AugmentedDickeyFuller>
    let kpss: Measured<KPSS>

    init(_ values: [Double], settings: AnalysisSettings) {
        let series = Array(values.suffix(settings.window ?? values.count))
        observations = series.count
        halfLife = Result { () throws(UndefinedStatistic) in try HalfLife(series, origin: .series) }
            .mapError(UndefinedReason.init)
        kpss = Result { () throws(UndefinedStatistic) in try KPSS(series) }.mapError(UndefinedReason.init)
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

import PairStatistics

/// The unit-root diagnostics of one series, or why there are none.
struct SeriesAnalysis: Sendable {
    let observations: Int
    let halfLife: Result<HalfLife, UndefinedStatistic>
    let adf: Result<AugmentedDickeyFuller, UndefinedStatistic>
    let kpss: Result<KPSS, UndefinedStatistic>

    init(_ values: [Double], settings: AnalysisSettings) {
        let series = Array(values.suffix(settings.window ?? values.count))
        observations = series.count
        halfLife = Result { () throws(UndefinedStatistic) in try HalfLife(series) }
        kpss = Result { () throws(UndefinedStatistic) in try KPSS(series) }
        adf = Result { () throws(UndefinedStatistic) in
            try AugmentedDickeyFuller(
                series,
                trend: settings.trend,
                lagSelection: settings.lagSelection,
                maximumLag: settings.maximumLag
            )
        }
    }
}

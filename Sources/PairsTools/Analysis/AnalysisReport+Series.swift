import PairEngine
import PairStatistics
import PairsApp

extension AnalysisReport {
    /// The report on a single series.
    init(_ analysis: SeriesAnalysis, source: AnalysisSource) {
        self.init(
            head: AnalysisHead(
                source,
                analysis.settings,
                price: analysis.settings.price ?? .level,
                window: analysis.observations,
                tested: analysis.adf.value == nil && analysis.kpss.value == nil ? nil : analysis.observations
            )
        )
        section("Series")
        add(ReportFigure("observations", .integer(analysis.observations)))
        add("last", analysis.last)
        add("mean", analysis.moments.map(\.mean))
        add("stddev", analysis.moments.map(\.standardDeviation))
        add("zscore", analysis.zScore, "the last value's distance from the mean in standard deviations")
        add("half_life_bars", analysis.halfLife.map(\.bars), "in observations, median-unbiased")
        add("half_life_lower_bars", analysis.halfLife.map(\.lowerBars), "90 % interval")
        add("half_life_upper_bars", analysis.halfLife.map(\.upperBars))
        section("Tests")
        add(analysis.adf, "null hypothesis: the series has a unit root")
        add(analysis.kpss, "null hypothesis: the series is stationary, the complement of adf")
        add(analysis.varianceRatio)
        conclude(Verdict(analysis, source: source))
        warn(observations: analysis.observations, unit: source.unit)
    }
}

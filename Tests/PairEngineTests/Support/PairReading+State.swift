import PairEngine

extension PairReading {
    /// Everything that follows from the bars: all but how often signals have begun since the program started.
    var state: String {
        let outcome = tests.value
        let figures: [Any?] = [
            outcome?.closeTime, outcome?.observations, outcome?.adf, outcome?.cointegration, outcome?.calibratedPValue,
            outcome?.unitRootY, outcome?.unitRootX, outcome?.kpss, outcome?.halfLife, outcome?.hedgeRatioError,
            outcome?.hedgeRatios,
        ]
        return "\(self)".replacing(/entries: SIMD4<UInt32>\([^)]*\)/, with: "") + "\(figures)"
    }
}

import PairEngine
import PairStatistics

/// The figures of a report on a pair that its verdict follows from.
struct VerdictFacts: Sendable {
    /// The result of the calibrated p-value of the newest window.
    enum Finding: Sendable, Hashable {
        case cointegration, open, none
        case unknown(UndefinedReason)
    }

    /// The position of the forecast z-score relative to the levels.
    enum Distance: Sendable, Hashable {
        case beyondEntry, between, withinExit
        case unknown(UndefinedReason)
    }

    let reading: PairReading
    let thresholds: SignalThresholds
    /// Whether there is no window before the newest.
    let isSingleWindow: Bool
    /// Observations of the window without a value.
    let missing: Int
    /// The name of an observation.
    let unit: String
    /// The time between two observations, where it is known.
    let step: String?
    /// The names of y and x.
    let names: (y: String, x: String)

    init(_ analysis: PairAnalysis, source: AnalysisSource) {
        reading = analysis.reading
        thresholds = analysis.settings.thresholds
        isSingleWindow = analysis.isSingleWindow
        missing = analysis.missing
        unit = source.unit
        step = source.stepText
        names = (source.name("y"), source.name("x"))
    }

    var tests: TestOutcome? { reading.tests.value }

    var finding: Finding {
        let calibrated = reading.tests.flatMap { tests in tests.cointegration.map { _ in tests.calibratedPValue } }
        switch calibrated {
        case .failure(let reason): return .unknown(reason)
        case .success(nil): return .unknown(.tooFew)
        case .success(let pValue?):
            return pValue < thresholds.pValueExit ? .cointegration : pValue < thresholds.pValue ? .open : .none
        }
    }

    var distance: Distance {
        switch reading.forecastZScore {
        case .failure(let reason): .unknown(reason)
        case .success(let z):
            abs(z) >= thresholds.zScoreEntry
                ? .beyondEntry : abs(z) < thresholds.zScoreExit ? .withinExit : .between
        }
    }

    /// p-values of Engle-Granger in both directions.
    var pValues: (yOnX: Double, xOnY: Double)? {
        tests?.cointegration.value.map { ($0.yOnX.pValue, $0.xOnY.pValue) }
    }

    /// The names of the legs whose unit root the newest test rejects at 1 %.
    var revertingLegs: [String] {
        [(names.y, tests?.unitRootY), (names.x, tests?.unitRootX)].compactMap { name, test in
            test?.value.flatMap { $0.pValue < 0.01 ? name : nil }
        }
    }

    /// Whether KPSS rejects a stationary spread at 5 %, nil without a test.
    var isStationarityRejected: Bool? {
        tests?.kpss.value.map { $0.pValue < 0.05 }
    }

    /// Whether a break of the cointegration is signalled.
    var isBreakSignalled: Bool { reading.holds(.stationarityRisk) == true }
}

import MarketData
import PairStatistics

/// One run of the periodic tests, with a copy of the data it needs: it can run on any thread.
///
/// The tests of one reading run one after another, each from the evidence after the one before, so that the same bars
/// give the same evidence at every speed.
package struct TestJob: Sendable {
    /// Which reading the tests belong to: the position in ``PairEngine/readings``.
    package internal(set) var reading: Int
    let slot: Int64
    let closeTime: Timestamp
    let y: [Double]
    let x: [Double]
    let settings: TestSettings
    /// Whether the test is one of those that make evidence; the others, of a shorter interval, only show the latest
    /// figures.
    package let isCounted: Bool
    /// Whether few enough bars of the window repeat an old price for a break monitor.
    let isFresh: Bool
    /// The evidence before this test.
    var evidence: CointegrationEvidence

    /// Runs everything on the longest stretch of the window without a gap. Tests that lead to a decision need the
    /// configured number of observations; estimates do not.
    package func run() -> TestResult {
        let judgement = judge()
        return TestResult(judgement: judgement, outcome: report(judgement))
    }

    /// Runs what the evidence needs: all that a warm start needs of every test but the last.
    func judge() -> Judgement {
        let cointegration: Measured<MutualCointegration> =
            hasEnough
            ? measured { () throws(UndefinedStatistic) in try MutualCointegration(y: y, x: x) } : .failure(.tooFew)
        let legs = (y: unitRoot(y), x: unitRoot(x))
        var evidence = evidence
        var pValue = cointegration.value?.finiteSamplePValue
        if isCounted {
            if case .success(let test) = cointegration {
                pValue = evidence.record(
                    test,
                    y: y,
                    x: x,
                    legPValues: (y: legs.y.value?.pValue, x: legs.x.value?.pValue),
                    slot: slot
                )
            } else {
                evidence.skip(slot: slot)
            }
        }
        return Judgement(cointegration: cointegration, legs: legs, calibratedPValue: pValue, evidence: evidence)
    }

    /// A result that changes nothing: of a test that does not count and is not the latest.
    var unjudged: Judgement {
        Judgement(
            cointegration: .failure(.warmingUp),
            legs: (y: .failure(.warmingUp), x: .failure(.warmingUp)),
            calibratedPValue: nil,
            evidence: evidence
        )
    }

    /// Runs the rest.
    func report(_ judgement: Judgement) -> TestOutcome {
        let spread = measured { () throws(UndefinedStatistic) -> [Double] in
            let fit = try LinearFit(PairMoments(x: x, y: y))
            // The residual of such a fit is rounding noise, which would pass every test.
            if fit.isCollinear { throw .collinear }
            return zip(x, y).map { fit.residual(x: $0, y: $1) }
        }
        let tested = hasEnough ? spread : .failure(.tooFew)
        return TestOutcome(
            closeTime: closeTime,
            observations: y.count,
            adf: tested.flatMap { spread in
                measured { () throws(UndefinedStatistic) in
                    try AugmentedDickeyFuller(
                        spread,
                        trend: settings.trend,
                        lagSelection: settings.lagSelection,
                        maximumLag: settings.maximumLag
                    )
                }
            },
            judgement: judgement,
            kpss: tested.flatMap { spread in
                measured { () throws(UndefinedStatistic) in try KPSS(spread) }
            },
            halfLife: spread.flatMap { spread in
                measured { () throws(UndefinedStatistic) in try HalfLife(spread) }
            },
            hedgeRatioError: measured { () throws(UndefinedStatistic) in try RobustSlopeError(x: x, y: y) },
            hedgeRatios: settings.hedgeRatios.map { method in
                (method, measured { () throws(UndefinedStatistic) in try method.hedgeRatio(y: y, x: x) })
            }
        )
    }

    private var hasEnough: Bool { y.count >= settings.minimumObservations }

    private func unitRoot(_ leg: [Double]) -> Measured<AugmentedDickeyFuller> {
        guard hasEnough else { return .failure(.tooFew) }
        return measured { () throws(UndefinedStatistic) in try AugmentedDickeyFuller(leg) }
    }
}

/// The result of one run of the periodic tests.
package struct TestResult: Sendable {
    let judgement: Judgement
    /// The figures of the run.
    package let outcome: TestOutcome
}

/// The cointegration tests of one run, and the evidence after it.
struct Judgement: Sendable {
    let cointegration: Measured<MutualCointegration>
    /// ADF of each leg with a constant, lags by AIC.
    let legs: (y: Measured<AugmentedDickeyFuller>, x: Measured<AugmentedDickeyFuller>)
    /// The p-value that counts, nil without a test.
    let calibratedPValue: Double?
    let evidence: CointegrationEvidence
}

import MarketData
import PairStatistics

/// One run of the periodic tests, with a copy of the data it needs: it runs wherever there is time.
public struct TestJob: Sendable {
    /// Which reading the tests belong to: the position in ``PairEngine/readings``.
    public let reading: Int
    let slot: Int64
    let closeTime: Timestamp
    let y: [Double]
    let x: [Double]
    let settings: TestSettings

    /// Runs everything on the longest stretch of the window without a gap. Tests that lead to a decision need the
    /// configured number of observations; estimates do not.
    public func run() -> TestOutcome {
        let spread = measured { () throws(UndefinedStatistic) -> [Double] in
            let fit = try LinearFit(PairMoments(x: x, y: y))
            // What such a fit leaves over is rounding noise, which would pass every test.
            if fit.isCollinear { throw .collinear }
            return zip(x, y).map { fit.residual(x: $0, y: $1) }
        }
        let tested = hasEnough ? spread : .failure(.tooFew)
        return TestOutcome(
            closeTime: closeTime,
            adf: tested.flatMap { spread in
                measured { () throws(UndefinedStatistic) in
                    try AugmentedDickeyFuller(spread, trend: settings.trend, lagSelection: settings.lagSelection)
                }
            },
            engleGranger: cointegration(),
            kpss: tested.flatMap { spread in
                measured { () throws(UndefinedStatistic) in try KPSS(spread) }
            },
            halfLife: spread.flatMap { spread in
                measured { () throws(UndefinedStatistic) in try HalfLife(spread) }
            },
            hedgeRatioError: measured { () throws(UndefinedStatistic) in try NeweyWest(x: x, y: y) },
            hedgeRatios: settings.hedgeRatios.map { method in
                (method, measured { () throws(UndefinedStatistic) in try method.hedgeRatio(y: y, x: x) })
            }
        )
    }

    /// Runs the one test whose past results count: what a warm start needs of all jobs but the last.
    func cointegration() -> Measured<EngleGranger> {
        guard hasEnough else { return .failure(.tooFew) }
        return measured { () throws(UndefinedStatistic) in try EngleGranger(y: y, x: x) }
    }

    private var hasEnough: Bool { y.count >= settings.minimumObservations }
}

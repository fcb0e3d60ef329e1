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

    /// Runs all tests on the longest stretch of the window without a gap.
    public func run() -> TestOutcome {
        let spread = measured { () throws(UndefinedStatistic) -> [Double] in
            let fit = try LinearFit(PairMoments(x: x, y: y))
            return zip(x, y).map { fit.residual(x: $0, y: $1) }
        }
        let halfLife = spread.flatMap { spread in
            measured { () throws(UndefinedStatistic) in try HalfLife(spread) }
        }
        guard y.count >= settings.minimumObservations else {
            return TestOutcome(
                closeTime: closeTime,
                adf: .failure(.tooFew),
                engleGranger: .failure(.tooFew),
                halfLife: halfLife
            )
        }
        return TestOutcome(
            closeTime: closeTime,
            adf: spread.flatMap { spread in
                measured { () throws(UndefinedStatistic) in
                    try AugmentedDickeyFuller(spread, trend: settings.trend, lagSelection: settings.lagSelection)
                }
            },
            engleGranger: measured { () throws(UndefinedStatistic) in try EngleGranger(y: y, x: x) },
            halfLife: halfLife
        )
    }
}

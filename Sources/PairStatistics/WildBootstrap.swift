import RealModule

/// The null distribution of the pair's cointegration statistic for one window, by a wild bootstrap.
///
/// Under the null both legs are random walks with any course of volatility. A draw keeps the size of every change and
/// gives each bar one random sign, common to both legs, so that volatility bursts, fat tails and the correlation of the
/// legs stay; levels are then summed up again (Cavaliere and Taylor 2008, "Bootstrap unit root tests for time series
/// with nonstationary volatility", Econometric Theory 24; signs as in Davidson and Flachaire 2008, "The wild bootstrap,
/// tamed at last", J. Econometrics 146). Bars in which a leg repeats its price have the sign of the next bar in which
/// both change: the delayed change of the stale leg belongs to them (Shao 2010, "The dependent wild bootstrap", JASA
/// 105).
///
/// With signs alone the draws would lack the bid-ask bounce of the window, which resembles reversion. Therefore the
/// statistic has at least two lags, here and in every draw. Where Schwarz's criterion finds a negative first-order
/// moving average in the changes of the spread or of the regressor (Roll 1984), and no autoregression of their levels
/// fits better, the signs apply to its innovations and the moving average is restored (Chang and Park 2003, "A sieve
/// bootstrap for the test of a unit root", J. Time Series Analysis 24).
///
/// 999 draws need about 4 ms for 240 bars; time grows with the number of bars and of draws.
struct WildBootstrap: Sendable, Equatable {
    /// Fewest lagged differences in the regression of a residual.
    static let minimumLag = 2

    /// The larger statistic of both directions in the window, with at least two lags.
    let statistic: Double
    /// Draws whose statistic exists.
    let draws: Int
    /// Draws whose statistic is at most that of the window.
    let drawsBelow: Int
    /// Moving-average coefficient of the spread's changes, 0 to 0.95: 0 without bid-ask bounce.
    let bounce: Double
    /// The line from a probit in the Gaussian table to the one in the bootstrap: intercept and slope.
    let line: SIMD2<Double>
    private let table: CointegrationNull

    /// Draws the null distribution.
    ///
    /// - Parameters:
    ///   - y: prices or log prices of one leg, oldest first, without gaps; at least 21.
    ///   - x: those of the other leg, of the same number.
    ///   - draws: how many, at least 99.
    ///   - seed: the same seed gives the same draws.
    /// - Throws: `tooFew` when the series are too short, differ in length, hold a value that is not finite or hardly
    ///   any draw has a statistic; `flatLeg` or `collinear` when the window has none.
    init(y: [Double], x: [Double], draws: Int = 999, seed: UInt64) throws(UndefinedStatistic) {
        guard y.count == x.count, draws >= 99, Finiteness.holds(y), Finiteness.holds(x) else { throw .tooFew }
        var kernel = try MutualStatistic(count: y.count, minimumLag: Self.minimumLag)
        let (changesOfY, changesOfX) = (Self.changes(y), Self.changes(x))
        guard changesOfY.contains(where: { $0 != 0 }), changesOfX.contains(where: { $0 != 0 }) else { throw .flatLeg }
        guard let observed = kernel.larger(changesOfY: changesOfY, x: changesOfX) else { throw .collinear }
        let null = NullWalks(y: y, x: x, changesOfY, changesOfX)
        bounce = null.spread.theta
        var statistics = Self.draw(draws, null, &kernel, seed: seed)
        guard statistics.count >= 99 else { throw .tooFew }
        statistics.sort()

        statistic = observed
        self.draws = statistics.count
        drawsBelow = statistics.count { $0 <= observed }
        table = CointegrationNull(
            count: y.count,
            correlation: Self.correlation(changesOfY, changesOfX)
        )
        line = Self.line(through: statistics, table)
    }

    /// Share of the draws that are at most the window's statistic, the window counted as one of them; at least
    /// 1/(draws + 1).
    var pValue: Double { Double(1 + drawsBelow) / Double(1 + draws) }

    /// Probit of the p-value from a line through the lower quarter of the draws, for statistics below all of them too.
    var probit: Double { probit(statistic) }

    /// Probit of the share of draws below a statistic, by the line.
    func probit(_ statistic: Double) -> Double {
        line[0] + line[1] * table.probit(statistic)
    }

    /// The larger statistic of both directions with at least two lags, without draws; nil where there is none.
    static func statistic(y: [Double], x: [Double]) -> Double? {
        var kernel = try? MutualStatistic(count: y.count, minimumLag: minimumLag)
        return kernel?.larger(changesOfY: changes(y), x: changes(x))
    }

    private static func changes(_ series: [Double]) -> [Double] {
        zip(series.dropFirst(), series).map { $0 - $1 }
    }

    private static func correlation(_ y: [Double], _ x: [Double]) -> Double {
        let scale = zip(y, y).reduce(0) { $0 + $1.0 * $1.1 } * zip(x, x).reduce(0) { $0 + $1.0 * $1.1 }
        let correlation = zip(y, x).reduce(0) { $0 + $1.0 * $1.1 } / scale.squareRoot()
        return correlation.isFinite ? min(1, max(-1, correlation)) : 0
    }

    private static func draw(
        _ draws: Int,
        _ null: NullWalks,
        _ kernel: inout MutualStatistic,
        seed: UInt64
    ) -> [Double] {
        var signs = SignNumbers(state: seed)
        let (spread, regressor, slope) = (null.spread, null.regressor, null.slope)
        var (drawY, drawX) = (spread.innovations, regressor.innovations)
        var statistics: [Double] = []
        statistics.reserveCapacity(draws)
        for _ in 0..<draws {
            var (word, lastBlock): (UInt64, Int) = (0, -1)
            var (lastSpread, lastX) = (0.0, 0.0)
            for bar in drawY.indices {
                let block = null.blocks[bar]
                if block != lastBlock {
                    word = block & 63 == 0 ? signs.next() : word << 1
                    lastBlock = block
                }
                let sign = word & (1 << 63)
                let ofSpread = Double(bitPattern: spread.innovations[bar].bitPattern ^ sign)
                let ofX = Double(bitPattern: regressor.innovations[bar].bitPattern ^ sign)
                let changeOfX = ofX - regressor.theta * lastX
                drawX[bar] = changeOfX
                drawY[bar] = slope * changeOfX + ofSpread - spread.theta * lastSpread
                (lastSpread, lastX) = (ofSpread, ofX)
            }
            if let statistic = kernel.larger(changesOfY: drawY, x: drawX) { statistics.append(statistic) }
        }
        return statistics
    }

    /// The line from probits in the table to probits among the draws, by least squares over the lower quarter.
    private static func line(through sorted: [Double], _ table: CointegrationNull) -> SIMD2<Double> {
        let count = Double(sorted.count)
        var (weights, sumX, sumY, sumXX, sumXY) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (index, statistic) in sorted.prefix(sorted.count / 4).enumerated() {
            let share = (Double(index) + 0.5) / count
            let probit = Normal.quantile(share)
            let density = Double.exp(-probit * probit / 2)
            // About the precision of an order statistic's probit.
            let weight = density * density / (share * (1 - share))
            let place = table.probit(statistic)
            weights += weight
            sumX += weight * place
            sumY += weight * probit
            sumXX += weight * place * place
            sumXY += weight * place * probit
        }
        let (meanX, meanY) = (sumX / weights, sumY / weights)
        let slope = (sumXY - sumX * meanY) / (sumXX - sumX * meanX)
        let bounded = slope.isFinite ? min(max(slope, 0.25), 2) : 1
        return SIMD2(meanY - bounded * meanX, bounded)
    }
}

/// Random 64-bit numbers (SplitMix64, Steele, Lea and Flood 2014): the same on every machine.
private struct SignNumbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

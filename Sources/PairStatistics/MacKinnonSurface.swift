/// MacKinnon's response surfaces for Dickey-Fuller statistics: of an observed series, and of the residual of a
/// regression between two (Engle-Granger).
///
/// p-values: MacKinnon 1994, "Approximate asymptotic distribution functions for unit-root and cointegration tests", J.
/// Business & Economic Statistics 12. Critical values: MacKinnon 2010, Queen's Economics working paper 1227. The two
/// come from different simulations, so they can disagree near a level. Numbers as in statsmodels 0.15 (`adfvalues.py`),
/// including its -33.527 for two series, constant, 1 %, where the paper has -22.527 according to statsmodels #10271.
struct MacKinnonSurface: Sendable {
    private let minimum: Double
    private let breakpoint: Double
    private let maximum: Double
    private let smallP: [Double]
    private let largeP: [Double]
    /// Coefficients of 1, 1/T, 1/T², 1/T³ at 1, 5 and 10 %; nil where the paper has none.
    private let critical: [[Double]]?

    /// P(statistic ≤ observed) under a unit root.
    func pValue(_ statistic: Double) -> Double {
        if statistic > maximum { return 1 }
        if statistic < minimum { return 0 }
        return Normal.cumulative(Self.polynomial(statistic <= breakpoint ? smallP : largeP, at: statistic))
    }

    /// Critical values for a sample of the given size; nil where there is no table.
    func criticalValues(observations: Int) -> CriticalValues? {
        guard let critical, observations > 0 else { return nil }
        let inverse = 1 / Double(observations)
        return CriticalValues(
            onePercent: Self.polynomial(critical[0], at: inverse),
            fivePercent: Self.polynomial(critical[1], at: inverse),
            tenPercent: Self.polynomial(critical[2], at: inverse)
        )
    }

    /// The surface for one observed series.
    static func ofSeries(_ trend: TrendTerms) -> MacKinnonSurface {
        switch trend {
        case .noConstant: seriesNoConstant
        case .constant: seriesConstant
        case .constantAndTrend: seriesTrend
        case .constantTrendAndSquare: seriesSquare
        }
    }

    /// The surface for the residual of a regression between two series.
    static func ofResidual(_ trend: TrendTerms) -> MacKinnonSurface {
        switch trend {
        case .noConstant: residualNoConstant
        case .constant: residualConstant
        case .constantAndTrend: residualTrend
        case .constantTrendAndSquare: residualSquare
        }
    }

    private static func polynomial(_ coefficients: [Double], at x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }

    private static let seriesNoConstant = MacKinnonSurface(
        minimum: -19.04,
        breakpoint: -1.04,
        maximum: .infinity,
        smallP: [0.6344, 1.2378, 0.032496],
        largeP: [0.4797, 0.93557, -0.06999, 0.033066],
        critical: [
            [-2.56574, -2.2358, -3.627, 0],
            [-1.941, -0.2686, -3.365, 31.223],
            [-1.61682, 0.2656, -2.714, 25.364],
        ]
    )

    private static let seriesConstant = MacKinnonSurface(
        minimum: -18.83,
        breakpoint: -1.61,
        maximum: 2.74,
        smallP: [2.1659, 1.4412, 0.038269],
        largeP: [1.7339, 0.93202, -0.12745, -0.010368],
        critical: [
            [-3.43035, -6.5393, -16.786, -79.433],
            [-2.86154, -2.8903, -4.234, -40.04],
            [-2.56677, -1.5384, -2.809, 0],
        ]
    )

    private static let seriesTrend = MacKinnonSurface(
        minimum: -16.18,
        breakpoint: -2.89,
        maximum: 0.7,
        smallP: [3.2512, 1.6047, 0.049588],
        largeP: [2.5261, 0.61654, -0.37956, -0.060285],
        critical: [
            [-3.95877, -9.0531, -28.428, -134.155],
            [-3.41049, -4.3904, -9.036, -45.374],
            [-3.12705, -2.5856, -3.925, -22.38],
        ]
    )

    private static let seriesSquare = MacKinnonSurface(
        minimum: -17.17,
        breakpoint: -3.21,
        maximum: 0.54,
        smallP: [4.0003, 1.658, 0.048288],
        largeP: [3.0778, 0.49529, -0.41477, -0.059359],
        critical: [
            [-4.37113, -11.5882, -35.819, -334.047],
            [-3.83239, -5.9057, -12.49, -118.284],
            [-3.55326, -3.6596, -5.293, -63.559],
        ]
    )

    private static let residualNoConstant = MacKinnonSurface(
        minimum: -19.62,
        breakpoint: -1.53,
        maximum: 1.51,
        smallP: [1.9129, 1.3857, 0.035322],
        largeP: [1.5578, 0.8558, -0.2083, -0.033549],
        critical: nil
    )

    private static let residualConstant = MacKinnonSurface(
        minimum: -18.86,
        breakpoint: -2.62,
        maximum: 0.92,
        smallP: [2.92, 1.5012, 0.039796],
        largeP: [2.1945, 0.64695, -0.29198, -0.042377],
        critical: [
            [-3.89644, -10.9519, -33.527, 0],
            [-3.33613, -6.1101, -6.823, 0],
            [-3.04445, -4.2412, -2.72, 0],
        ]
    )

    private static let residualTrend = MacKinnonSurface(
        minimum: -21.15,
        breakpoint: -3.19,
        maximum: 0.63,
        smallP: [3.6646, 1.5419, 0.036448],
        largeP: [2.85, 0.5272, -0.36622, -0.051695],
        critical: [
            [-4.32762, -15.4387, -35.679, 0],
            [-3.78057, -9.5106, -12.074, 0],
            [-3.49631, -7.0815, -7.538, 21.892],
        ]
    )

    private static let residualSquare = MacKinnonSurface(
        minimum: -21.1,
        breakpoint: -3.51,
        maximum: 0.79,
        smallP: [4.3534, 1.6016, 0.037947],
        largeP: [3.4713, 0.5967, -0.32507, -0.042286],
        critical: [
            [-4.69276, -20.2284, -64.919, 88.884],
            [-4.15387, -13.3114, -28.402, 72.741],
            [-3.87346, -10.4637, -17.408, 66.313],
        ]
    )
}

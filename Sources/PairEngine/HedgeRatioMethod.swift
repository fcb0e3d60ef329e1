package import PairStatistics

/// An estimator of the hedge ratio besides ordinary least squares.
package enum HedgeRatioMethod: String, Sendable, CaseIterable {
    /// Total least squares: symmetric in y and x.
    case totalLeastSquares = "tls"
    /// Huber's M-estimator: outliers lose weight.
    case huber
    /// The median of all slopes: outliers have little influence.
    case theilSen = "theil-sen"
    /// A Kalman filter: the ratio at the end of the window, not its average.
    case kalman

    /// The value of the label `method` and of JSON keys.
    package var label: String { rawValue.replacing("-", with: "_") }

    /// The hedge ratio of y on x over a stretch without gaps, oldest first.
    /// - Throws: the reason when there is none.
    package func hedgeRatio(y: [Double], x: [Double]) throws(UndefinedStatistic) -> Double {
        switch self {
        case .totalLeastSquares: try TotalLeastSquares(PairMoments(x: x, y: y)).slope
        case .huber: try HuberRegression(x: x, y: y).slope
        case .theilSen: try TheilSen(x: x, y: y).slope
        case .kalman: try Self.filtered(y: y, x: x)
        }
    }

    /// Starts from a fit over the first half and is updated over the second, with a memory of about half of the window.
    private static func filtered(y: [Double], x: [Double]) throws(UndefinedStatistic) -> Double {
        guard x.count == y.count, x.count >= 4 else { throw .tooFew }
        let half = x.count / 2
        let start = try LinearFit(PairMoments(x: Array(x[..<half]), y: Array(y[..<half])))
        var filter = try KalmanHedgeRatio(startingFrom: start, memory: Double(half))
        for index in half..<x.count {
            _ = filter.update(x: x[index], y: y[index])
        }
        return filter.slope
    }
}

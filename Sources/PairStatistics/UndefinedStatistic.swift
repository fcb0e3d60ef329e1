/// Why a statistic has no value. Every formula of this module either returns a finite number or throws one of these.
public enum UndefinedStatistic: String, Error, Sendable, Hashable, CaseIterable {
    /// Fewer finite observations than the statistic needs.
    case tooFew = "too_few"
    /// A leg hardly moves: its variance is rounding noise, so it cannot be a regressor.
    case flatLeg = "flat_leg"
    /// The legs, or the columns of a regression, are the same line: the residual is rounding noise.
    case collinear
    /// Every value of the series is the same.
    case constant
    /// A random walk cannot be excluded: there is no evidence that it returns to its mean.
    case notReverting = "not_reverting"
    /// The series reverts within one step: its autoregression is not above 0.
    case fasterThanBar = "faster_than_bar"
    /// The number of lags is negative or too large for the series.
    case invalidLag = "invalid_lag"
}

extension UndefinedStatistic: CustomStringConvertible {
    /// The reason as a text, for logs and reports.
    public var description: String {
        switch self {
        case .tooFew: "too few finite observations for this statistic"
        case .flatLeg: "a leg hardly moves, its variance is rounding noise"
        case .collinear: "the regressors are collinear or the fit is perfect, the residual is rounding noise"
        case .constant: "every value of the series is the same"
        case .notReverting: "the series does not revert, or a random walk cannot be excluded"
        case .fasterThanBar: "the series reverts within one step, its autoregression is not above 0"
        case .invalidLag: "the number of lags is negative or too large for the length of the series"
        }
    }
}

package import PairStatistics

/// Why a statistic has no value: the label `reason` of `pairs_undefined`.
@usableFromInline package enum UndefinedReason: String, Error, Sendable, CaseIterable {
    /// The window has not filled since the pair was added.
    case warmingUp = "warming_up"
    /// A leg hardly moved: no line can be fitted through a point.
    case flatLeg = "flat_leg"
    /// The legs move together: the residual is rounding error.
    case collinear
    /// Too few observations for the statistic.
    case tooFew = "too_few"
    /// Trades are missing in the window.
    case gap
    /// No fresh bar: the last value would be mistaken for a current one.
    case stale
    /// The spread shows no certain pull towards its mean.
    case notReverting = "not_reverting"
    /// The spread reverts within one bar.
    case fasterThanBar = "faster_than_bar"

    /// The reason of a reading for the error of a formula.
    package init(_ undefined: UndefinedStatistic) {
        self =
            switch undefined {
            case .flatLeg, .constant: .flatLeg
            case .collinear: .collinear
            case .tooFew, .invalidLag: .tooFew
            case .notReverting: .notReverting
            case .fasterThanBar: .fasterThanBar
            }
    }
}

package import PairStatistics

/// Why a statistic has no value now: the label `reason` of `pairs_undefined`.
@usableFromInline package enum UndefinedReason: String, Error, Sendable, CaseIterable {
    /// The window has not filled since the program first saw the pair.
    case warmingUp = "warming_up"
    /// A leg hardly moved: no line can be fitted through a point.
    case flatLeg = "flat_leg"
    /// The legs move as one: the residual is rounding error.
    case collinear
    /// Too few observations to say anything.
    case tooFew = "too_few"
    /// Trades are known to be missing where they matter.
    case gap
    /// No fresh bar: the last value would pass for a current one.
    case stale
    /// The spread shows no certain pull towards its mean.
    case notReverting = "not_reverting"
    /// The spread reverts within one bar.
    case fasterThanBar = "faster_than_bar"

    /// What a formula's refusal means for a reading.
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

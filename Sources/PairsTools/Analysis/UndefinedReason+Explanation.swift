import PairEngine

extension UndefinedReason {
    /// Why a statistic has no value, for reports.
    var explanation: String {
        switch self {
        case .warmingUp: "the window has too few rows"
        case .flatLeg: "a leg hardly moves, its variance is rounding noise"
        case .collinear: "the legs move as one, what is left over is rounding noise"
        case .tooFew: "too few observations for this statistic"
        case .gap: "too many rows of the window have no value, or no stretch without a gap is long enough"
        case .stale: "a leg has no fresh value"
        case .notReverting: "no certain pull towards the mean shows, so the half-life has no upper bound"
        case .fasterThanBar: "the spread reverts within one bar, too fast for bars of this length"
        }
    }

    /// Why a statistic of a single series has no value.
    var seriesExplanation: String {
        switch self {
        case .flatLeg: "the series hardly moves, its variance is rounding noise"
        case .fasterThanBar: "the series reverts within one row, too fast for its half-life to be measured"
        default: explanation
        }
    }
}

/// The evidence of one bar or one test about a signal.
enum Evidence: Sendable {
    /// The value is beyond the level at which the signal begins.
    case entry
    /// The value is between the levels: a signal that holds continues, one that does not stays off.
    case between
    /// The value is beyond the level at which the signal ends.
    case exit
    /// There is no value.
    case none

    /// Evidence from a value for which more is worse.
    init(_ value: Double?, entryFrom entry: Double, exitBelow exit: Double) {
        guard let value else {
            self = .none
            return
        }
        self = value >= entry ? .entry : value < exit ? .exit : .between
    }
}

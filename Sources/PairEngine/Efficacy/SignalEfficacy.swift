/// How past extremes of the z-score were followed.
///
/// An extreme is the beginning of `zscore_extreme`. It reverted when, within the half-life estimated at that bar, the
/// spread reverted half of the way, measured against the line fitted before that bar: the outcome depends on what was
/// known at that bar and on the bars that follow. An extreme that begins while another is being followed is not
/// counted, nor is one without a half-life or with missing bars.
package struct SignalEfficacy: Sendable, Hashable {
    /// Extremes that reverted in time.
    package private(set) var reverted = 0
    /// Extremes that did not.
    private(set) var persisted = 0

    /// No extremes.
    package init() {}

    /// Extremes with an outcome.
    package var count: Int { reverted + persisted }

    mutating func record(_ outcome: ExtremeInProgress.Outcome?) {
        switch outcome {
        case .reverted?: reverted += 1
        case .persisted?: persisted += 1
        case .unknown?, nil: break
        }
    }
}

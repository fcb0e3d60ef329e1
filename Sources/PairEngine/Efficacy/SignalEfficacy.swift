/// How past extremes of the z-score were followed.
///
/// An extreme is the beginning of `zscore_extreme`. It reverted when, within the half-life estimated at that bar, the
/// spread came back half of the way, measured against the line fitted before that bar: everything the verdict needs but
/// the bars that follow was known then. An extreme that begins while another is being followed is not counted, nor is one
/// without a half-life or with missing bars.
package struct SignalEfficacy: Sendable, Hashable {
    /// Extremes that reverted in time.
    package private(set) var reverted = 0
    /// Extremes that did not.
    private(set) var persisted = 0

    /// Nothing was seen.
    package init() {}

    /// Extremes whose end is known.
    package var count: Int { reverted + persisted }

    mutating func record(_ outcome: ExtremeInProgress.Outcome?) {
        switch outcome {
        case .reverted?: reverted += 1
        case .persisted?: persisted += 1
        case .unknown?, nil: break
        }
    }
}

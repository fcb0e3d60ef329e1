import PairStatistics

/// An extreme of the z-score from its beginning to the end of the half-life estimated then.
struct ExtremeInProgress: Sendable {
    /// How it ended.
    enum Outcome: Sendable {
        /// The spread reverted half of the way in time.
        case reverted
        /// It did not.
        case persisted
        /// Bars were missing.
        case unknown
    }

    private let fit: LinearFit
    private let start: Double
    private var barsLeft: Int
    private(set) var isOver = false

    /// - Parameters:
    ///   - values: the bar at which the extreme began.
    ///   - fit: the line of one bar earlier, which the spread is measured against to the end.
    ///   - halfLife: bars, as estimated then; rounded to bars, at least one.
    init(_ values: (x: Double, y: Double), fit: LinearFit, halfLife: Double) {
        self.fit = fit
        start = fit.residual(x: values.x, y: values.y)
        barsLeft = Int(min(max(1, halfLife.rounded(.up)), 1e9))
    }

    /// Adds the next bar.
    /// - Returns: how the extreme ended, once it has.
    mutating func follow(_ values: (x: Double, y: Double)?) -> Outcome? {
        guard let values else {
            // Whatever follows: to count only extremes that revert after a gap would increase the share.
            isOver = true
            return .unknown
        }
        barsLeft -= 1
        let spread = fit.residual(x: values.x, y: values.y)
        let isBack = (start > 0 ? spread : -spread) <= abs(start) / 2
        isOver = isBack || barsLeft == 0
        return isBack ? .reverted : isOver ? .persisted : nil
    }
}

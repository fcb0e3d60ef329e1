import PairStatistics

/// An extreme of the z-score from its beginning to the end of the half-life that was known then.
struct ExtremeInProgress: Sendable {
    /// How it ended.
    enum Outcome: Sendable {
        /// The spread came back half of the way in time.
        case reverted
        /// It did not.
        case persisted
        /// Bars were missing, so nobody can say.
        case unknown
    }

    private let fit: LinearFit
    private let start: Double
    private var barsLeft: Int
    private var hasGap = false
    private(set) var isOver = false

    /// - Parameters:
    ///   - values: the bar at which the extreme began.
    ///   - fit: the line of one bar earlier, which the spread is measured against to the end.
    ///   - halfLife: bars, as estimated then; counted in whole bars, at least one.
    init(_ values: (x: Double, y: Double), fit: LinearFit, halfLife: Double) {
        self.fit = fit
        start = fit.residual(x: values.x, y: values.y)
        barsLeft = Int(min(max(1, halfLife.rounded(.up)), 1e9))
    }

    /// Takes the next bar.
    /// - Returns: how the extreme ended, once it has.
    mutating func follow(_ values: (x: Double, y: Double)?) -> Outcome? {
        barsLeft -= 1
        if let values {
            let spread = fit.residual(x: values.x, y: values.y)
            if (start > 0 ? spread : -spread) <= abs(start) / 2 {
                isOver = true
                return .reverted
            }
        } else {
            hasGap = true
        }
        guard barsLeft == 0 else { return nil }
        isOver = true
        return hasGap ? .unknown : .persisted
    }
}

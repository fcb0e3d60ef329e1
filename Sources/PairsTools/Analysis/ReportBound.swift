import PairStatistics

/// Whether a number is a value or the end of the table that it comes from.
enum ReportBound: String, Sendable {
    /// The number is the value.
    case none
    /// The value is below the number.
    case below
    /// The value is above the number.
    case above

    /// The number in the form of the text.
    func text(_ value: Double) -> String {
        switch self {
        case .none: value.significant
        case .below: "< \(value.significant)"
        case .above: "> \(value.significant)"
        }
    }

    /// The bound of a p-value that a table has no number for.
    /// - Parameter pValue: of MacKinnon's surfaces, which give 0 and 1 beyond their ends.
    static func ofSurface(_ pValue: Double) -> ReportBound {
        pValue <= 0 ? .below : pValue >= 1 ? .above : .none
    }

    /// The bound of a p-value whose table ends at 0.01 and 0.1.
    static func ofKPSS(_ test: KPSS) -> ReportBound {
        test.pValue <= 0.01 ? .below : test.pValue >= 0.1 ? .above : .none
    }

    /// The bound of the share of observations with a z-score of at least this size; the table ends at a greatest size.
    static func ofBaseRate(_ zScore: Double) -> ReportBound {
        let share = { ZScoreBaseRate.share(beyond: $0, window: 1, law: .unrelated, fit: .before) }
        return share(zScore) == share(.infinity) ? .below : .none
    }

    /// A p-value of MacKinnon's surfaces in the form of the text.
    static func surfaceText(_ pValue: Double) -> String {
        switch ofSurface(pValue) {
        // No surface and no simulation gives the digits of a smaller p.
        case .none: pValue < 1e-20 ? "< 1e-20" : pValue.significant
        // Every surface ends at a smaller and at a greater p than these.
        case .below: "< 1e-20"
        case .above: "> 0.99"
        }
    }
}

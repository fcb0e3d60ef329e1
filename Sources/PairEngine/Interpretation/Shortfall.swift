/// How much of the data that a reading needs is missing, in words.
public enum Shortfall: String, Sendable, CaseIterable {
    /// Nothing, or less than an eighth.
    case little = "only a little"
    /// About a quarter.
    case quarter = "about a quarter"
    /// About a half.
    case half = "about half"
    /// About three quarters.
    case threeQuarters = "about three quarters"
    /// Seven eighths or more.
    case most = "nearly all"

    /// - Parameters:
    ///   - missing: bars that are still needed.
    ///   - needed: bars that a reading needs.
    init(missing: Int, of needed: Int) {
        let eighths = needed > 0 ? 8 * missing / needed : 0
        self =
            switch eighths {
            case ..<1: .little
            case ..<3: .quarter
            case ..<5: .half
            case ..<7: .threeQuarters
            default: .most
            }
    }
}

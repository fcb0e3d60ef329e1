/// Confidence in words.
public enum ConfidenceLevel: String, Sendable, CaseIterable {
    /// Below 0.4.
    case low
    /// From 0.4 to below 0.7.
    case moderate
    /// 0.7 and more.
    case high

    init(_ value: Double) {
        self = value >= 0.7 ? .high : value >= 0.4 ? .moderate : .low
    }
}

/// What the confidence in a reading is made of; the one that limits it most is its weakest link.
public enum ConfidenceLink: String, Sendable, CaseIterable {
    /// How closely the returns of the legs are correlated, for certain.
    case correlation
    /// How many bars hold a fresh price of both legs.
    case freshness
    /// How much of the window has a value.
    case completeness
    /// Whether cointegration is proven.
    case cointegration
}

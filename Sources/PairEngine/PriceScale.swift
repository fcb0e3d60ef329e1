/// The scale of the regression of one leg on the other.
package enum PriceScale: String, Sendable, CaseIterable {
    /// Natural logarithms: the hedge ratio is an elasticity, free of both price scales.
    case log
    /// Prices as they are: the hedge ratio is units of y per unit of x.
    case level
}

/// Both legs' closes of one bar of the grid, in the pair's price scale.
struct AlignedSlot: Sendable {
    /// One leg's part.
    enum Leg: Sendable {
        /// The close; carried when no trade fell into the bar.
        case close(Double, isCarried: Bool)
        /// Trades of this bar are known to be missing.
        case gap
        /// The leg brought no bar.
        case absent

        /// The close, or NaN.
        var value: Double {
            if case .close(let value, _) = self { value } else { .nan }
        }
    }

    let slot: Int64
    let y: Leg
    let x: Leg

    /// Why there is no value in this slot, nil when both legs have a close.
    var missing: UndefinedReason? {
        switch (y, x) {
        case (.close, .close): nil
        case (.absent, _), (_, .absent): .stale
        default: .gap
        }
    }
}

/// What a slot of a window rests on, where that is not a fresh trade of both legs.
struct SlotFlags: OptionSet, Sendable {
    /// A leg had no trade and carried its last close.
    static let carried = SlotFlags(rawValue: 1)
    /// Trades of a leg are known to be missing.
    static let lost = SlotFlags(rawValue: 2)

    let rawValue: UInt8
}

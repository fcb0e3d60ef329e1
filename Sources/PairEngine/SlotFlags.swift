/// The flags of a slot of a window without a fresh trade of both legs.
struct SlotFlags: OptionSet, Sendable {
    /// A leg had no trade and carried its last close.
    static let carried = SlotFlags(rawValue: 1)
    /// Trades of a leg are missing.
    static let lost = SlotFlags(rawValue: 2)

    let rawValue: UInt8
}

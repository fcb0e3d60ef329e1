import MarketData

/// A leg's closed bar that waits for the other leg.
struct PendingClose: Sendable {
    let slot: Int64
    let closeTime: Timestamp
    var leg: AlignedSlot.Leg
    /// When it arrived, nil until the owner sets it.
    var arrival: Timestamp?

    init(_ bar: Bar, _ leg: AlignedSlot.Leg) {
        slot = bar.slot
        closeTime = bar.closeTime
        self.leg = leg
    }
}

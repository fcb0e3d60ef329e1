import PairStatistics

/// Whether both legs of a window have enough different values; counted again only where a bar can have changed that.
struct DistinctValues: Sendable {
    private(set) var areTooFew = false
    /// Bars until the newest slots that held enough of them begin to leave the window.
    private var certainBars = 0

    /// Updates the result after a slot was appended.
    mutating func update(_ window: RollingMoments, of slots: PairSlots) {
        if certainBars > 0 { certainBars -= 1 } else { recount(window, of: slots) }
    }

    /// Counts the values of the window, as needed after a change of older slots.
    mutating func recount(_ window: RollingMoments, of slots: PairSlots) {
        let count = window.newestSlots(holding: window.distinctValuesNeeded, of: slots)
        areTooFew = count == nil
        certainBars = count.map { window.capacity - $0 } ?? 0
    }
}

import PairStatistics

/// Whether both legs of a window take enough different values; looks again only where a bar can have changed that.
struct DistinctValues: Sendable {
    private(set) var areTooFew = false
    /// Bars until the newest slots that held enough of them begin to leave the window.
    private var certainBars = 0

    /// Takes note of a slot that was appended.
    mutating func update(_ window: RollingMoments, of slots: PairSlots) {
        if certainBars > 0 { certainBars -= 1 } else { look(at: window, of: slots) }
    }

    /// Looks through the window, as after a change of older slots.
    mutating func look(at window: RollingMoments, of slots: PairSlots) {
        let count = window.newestSlots(holding: window.distinctValuesNeeded, of: slots)
        areTooFew = count == nil
        certainBars = count.map { window.capacity - $0 } ?? 0
    }
}

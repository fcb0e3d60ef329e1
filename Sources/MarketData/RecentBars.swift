/// Closed bars that may still receive trades: the newest ones, for late trades, and those that overlap missing trades,
/// until these arrive.
struct RecentBars: Sendable {
    /// How many of the newest bars are kept, missing trades or not.
    private static let kept = 32
    /// How many older bars are kept because trades are missing in them.
    private static let keptGaps = 10_000

    /// By ascending slot.
    private(set) var bars: [FormingBar] = []
    /// The bars from this slot on contain all their received trades.
    private(set) var completeSince = Int64.min

    /// Bars before this slot receive no further trades, because their earlier trades are not kept.
    private var discardedBefore = Int64.min
    /// At how many bars ``trim(unless:)`` examines the old ones, so that each is examined few times.
    private var trimCount = 2 * kept

    /// The slot of the first closed bar, nil before that.
    private(set) var firstSlot: Int64?

    /// Records that an earlier run has closed the bars before this slot, whose trades are not in memory.
    mutating func markComplete(since slot: Int64) {
        completeSince = slot
        firstSlot = .min
    }

    mutating func append(_ bar: FormingBar) {
        firstSlot = firstSlot ?? bar.slot
        let index = firstIndex(from: bar.slot)
        bars.insert(bar, at: index)
    }

    /// Adds a trade to its bar, unless other trades of that bar are not kept.
    mutating func add(_ trade: Trade, price: Double, slot: Int64, fillsGap: Bool) {
        guard slot >= discardedBefore else { return }
        let index = firstIndex(from: slot)
        if index < bars.count, bars[index].slot == slot {
            bars[index].add(trade, price: price)
        } else if slot >= completeSince || fillsGap {
            // A bar that overlaps a gap is kept while it holds trades, so a bar that is not in the list had none.
            bars.insert(FormingBar(slot: slot, trade: trade, price: price), at: index)
        }
    }

    /// The position of the first bar from a slot on.
    func firstIndex(from slot: Int64) -> Int {
        var range = bars.startIndex..<bars.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = bars[middle].slot < slot ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    /// Removes old bars, except those that overlap missing trades.
    mutating func trim(unless isGap: (Int64) -> Bool) {
        guard bars.count >= trimCount else { return }
        let old = bars.dropLast(Self.kept)
        guard let newestOld = old.last else { return }
        completeSince = max(completeSince, newestOld.slot + 1)
        let gaps = old.filter { isGap($0.slot) }
        if gaps.count > Self.keptGaps { discardedBefore = gaps[gaps.count - Self.keptGaps].slot }
        bars = gaps.suffix(Self.keptGaps) + bars.suffix(Self.kept)
        trimCount = max(2 * Self.kept, bars.count + bars.count / 2)
    }
}

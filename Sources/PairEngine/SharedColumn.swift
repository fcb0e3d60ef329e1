import MarketData
import PairStatistics

/// The closes of one instrument at one bar length in one price scale, for the monitors of all pairs that read them.
///
/// A bar is in the column before every reader has reached its slot, as a pair waits for its other leg. No value that a
/// reader needs is overwritten.
struct SharedColumn: Sendable {
    let timeframe: Timeframe
    let price: PriceScale
    /// The positions of the monitors.
    private(set) var readers: [Int] = []
    private var closes = PriceColumn(minimumLength: 0)
    /// The columns before gaps longer than a column, while a reader has not passed them.
    private var earlier: [PriceColumn] = []
    /// No reader needs a slot before this one.
    private var neededSlot = Int64.min

    /// Slots by which a reader may lag before its position must be checked.
    private static let slack = 8

    init(timeframe: Timeframe, price: PriceScale) {
        self.timeframe = timeframe
        self.price = price
    }

    mutating func addReader(_ position: Int, longestWindow: Int) {
        readers.append(position)
        closes.grow(toHold: longestWindow + Self.slack)
    }

    /// Whether the close of a slot may overwrite one that is needed.
    func isCrowded(by slot: Int64) -> Bool {
        let (distance, isFar) = slot.subtractingReportingOverflow(neededSlot)
        return isFar || distance >= Int64(closes.length)
    }

    /// Extends the column for the close of a slot.
    /// - Parameter needed: no reader needs a slot before this one.
    mutating func makeRoom(for slot: Int64, keeping needed: Int64) {
        // A reader without slots will need those from here on.
        neededSlot = min(needed, slot)
        earlier.removeAll { ($0.nextSlot ?? .min) <= needed }
        guard let nextSlot = closes.nextSlot, let firstSlot = closes.firstSlot, needed < nextSlot else { return }
        let length = Int64(closes.length)
        let (skipped, isFar) = slot.subtractingReportingOverflow(nextSlot)
        if isFar || skipped >= length {
            earlier.append(closes)
            closes = PriceColumn(minimumLength: closes.length)
        } else {
            closes.grow(toHold: Int(slot - max(needed, firstSlot, nextSlot - length)) + 1)
        }
    }

    /// Adds a close, NaN for none. One of an earlier slot is used only where the slot has none.
    mutating func append(_ close: Double, at slot: Int64) {
        if let nextSlot = closes.nextSlot, slot < nextSlot, !closes[slot].isNaN { return }
        put(close, at: slot)
    }

    /// Sets the close of a slot, NaN for none.
    mutating func put(_ close: Double, at slot: Int64) {
        closes.append(close, at: slot)
        for index in earlier.indices { earlier[index].set(close, at: slot) }
    }

    /// The column for windows that end with this slot.
    func closes(at slot: Int64) -> PriceColumn {
        guard !earlier.isEmpty, let firstSlot = closes.firstSlot, slot < firstSlot else { return closes }
        return earlier.last { ($0.firstSlot ?? .min) <= slot } ?? closes
    }

    /// Copies the content of another column of the same bars.
    /// - Returns: whether that changes a close which readers may have used.
    mutating func adopt(_ other: SharedColumn) -> Bool {
        neededSlot = .min
        earlier += other.earlier
        guard let next = other.closes.nextSlot, let first = other.closes.firstSlot else { return false }
        let before = closes
        closes.grow(toHold: other.closes.length)
        var isChanged = false
        for slot in max(first, next &- Int64(other.closes.length))..<next {
            let adopted = other.closes[slot]
            closes.append(adopted, at: slot)
            guard let firstSlot = before.firstSlot, slot >= firstSlot, before.contains(slot) else { continue }
            let isSame = before[slot] == adopted || (before[slot].isNaN && adopted.isNaN)
            isChanged = isChanged || !isSame
        }
        return isChanged
    }
}

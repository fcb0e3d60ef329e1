import MarketData

/// Joins the bars of two legs by slot, never by position.
///
/// A slot is complete when both legs have a bar of it or of a later slot, when both legs' watermarks have passed its end,
/// or when one leg's bar has waited for long enough; a leg without a bar of it by then is absent.
struct PairAligner: Sendable {
    private var pendingY: [PendingClose] = []
    private var pendingX: [PendingClose] = []
    private var nextSlot = Int64.min

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { !pendingY.isEmpty || !pendingX.isEmpty }

    /// The first slot of which a bar waits.
    var firstSlot: Int64? { [pendingY.first, pendingX.first].compactMap { $0?.slot }.min() }

    /// Takes a bar of the y leg; one whose slot is complete already is dropped.
    mutating func appendY(_ close: PendingClose) {
        if close.slot >= nextSlot { pendingY.append(close) }
    }

    /// Takes a bar of the x leg; one whose slot is complete already is dropped.
    mutating func appendX(_ close: PendingClose) {
        if close.slot >= nextSlot { pendingX.append(close) }
    }

    /// Whether the slot of a bar has not been completed; then the bar waits, in place of one that waited.
    mutating func replace(_ close: PendingClose, ofY: Bool, ofX: Bool) -> Bool {
        guard close.slot >= nextSlot else { return false }
        if ofY { Self.replace(close, in: &pendingY) }
        if ofX { Self.replace(close, in: &pendingX) }
        return true
    }

    private static func replace(_ close: PendingClose, in closes: inout [PendingClose]) {
        let index = closes.lastIndex { $0.slot <= close.slot }
        if let index, closes[index].slot == close.slot {
            closes[index].leg = close.leg
        } else {
            closes.insert(close, at: index.map { $0 + 1 } ?? 0)
        }
    }

    /// Notes that the bars taken since the last call arrived at this moment.
    mutating func note(arrival: Timestamp) {
        Self.note(arrival, in: &pendingY)
        Self.note(arrival, in: &pendingX)
    }

    /// The next complete slot in which at least one leg has a bar.
    /// - Parameters:
    ///   - watermark: both legs have closed every bar that ends at or before it.
    ///   - deadline: bars that arrived by then wait no longer.
    mutating func next(watermark: Timestamp?, deadline: Timestamp?) -> AlignedSlot? {
        let slot: Int64
        switch (pendingY.first, pendingX.first) {
        case (let y?, let x?):
            slot = min(y.slot, x.slot)
        case (let waiting?, nil), (nil, let waiting?):
            slot = waiting.slot
            let isClosed = watermark.map { waiting.closeTime <= $0 } ?? false
            let isOverdue = deadline.flatMap { deadline in waiting.arrival.map { $0 <= deadline } } ?? false
            guard isClosed || isOverdue else { return nil }
        case (nil, nil):
            return nil
        }
        nextSlot = slot + 1
        return AlignedSlot(slot: slot, y: Self.take(slot, from: &pendingY), x: Self.take(slot, from: &pendingX))
    }

    private static func note(_ arrival: Timestamp, in pending: inout [PendingClose]) {
        for index in pending.indices.reversed() {
            guard pending[index].arrival == nil else { return }
            pending[index].arrival = arrival
        }
    }

    private static func take(_ slot: Int64, from pending: inout [PendingClose]) -> AlignedSlot.Leg {
        guard let first = pending.first, first.slot == slot else { return .absent }
        pending.removeFirst()
        return first.leg
    }
}

import MarketData

/// Joins the bars of two legs by slot, never by position.
///
/// A slot is complete when both legs have a bar of it or of a later slot, when both legs' watermarks have passed its
/// end, or when the deadline of one leg's bar has passed; a leg without a bar of it by then is absent.
struct PairAligner: Sendable {
    private var pendingY: [PendingClose] = []
    private var pendingX: [PendingClose] = []
    private var nextSlot = Int64.min

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { !pendingY.isEmpty || !pendingX.isEmpty }

    /// The first slot of which a bar waits.
    var firstSlot: Int64? { [pendingY.first, pendingX.first].compactMap { $0?.slot }.min() }

    /// Adds a bar of the y leg; one whose slot is complete is dropped.
    mutating func appendY(_ close: PendingClose) {
        if close.slot >= nextSlot { pendingY.append(close) }
    }

    /// Adds a bar of the x leg; one whose slot is complete is dropped.
    mutating func appendX(_ close: PendingClose) {
        if close.slot >= nextSlot { pendingX.append(close) }
    }

    /// Replaces a waiting bar of the same slot, or adds the bar.
    /// - Returns: false when the slot is complete.
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

    /// Sets the arrival time of the bars added since the last call.
    mutating func setArrival(_ arrival: Timestamp) {
        Self.setArrival(arrival, in: &pendingY)
        Self.setArrival(arrival, in: &pendingX)
    }

    /// The next complete slot in which at least one leg has a bar.
    /// - Parameters:
    ///   - watermark: both legs have closed every bar that ends at or before it.
    ///   - deadline: bars that arrived by then do not wait.
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
        return AlignedSlot(
            slot: slot,
            y: Self.removeLeg(of: slot, from: &pendingY),
            x: Self.removeLeg(of: slot, from: &pendingX)
        )
    }

    private static func setArrival(_ arrival: Timestamp, in pending: inout [PendingClose]) {
        for index in pending.indices.reversed() {
            guard pending[index].arrival == nil else { return }
            pending[index].arrival = arrival
        }
    }

    private static func removeLeg(of slot: Int64, from pending: inout [PendingClose]) -> AlignedSlot.Leg {
        guard let first = pending.first, first.slot == slot else { return .absent }
        pending.removeFirst()
        return first.leg
    }
}

import MarketData
import RealModule

/// Joins the bars of two legs by slot, never by position.
///
/// A slot is complete when both legs have a bar of it or of a later slot, when both legs' watermarks have passed its end,
/// or when one leg's bar has waited for long enough; a leg without a bar of it by then is absent.
struct PairAligner: Sendable {
    private let price: PriceScale
    private var pendingY: [PendingClose] = []
    private var pendingX: [PendingClose] = []
    private var nextSlot = Int64.min

    init(price: PriceScale) {
        self.price = price
    }

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { !pendingY.isEmpty || !pendingX.isEmpty }

    /// Takes a bar of the y leg; one whose slot is complete already is dropped.
    mutating func appendY(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingY.append(pending(bar)) }
    }

    /// Takes a bar of the x leg; one whose slot is complete already is dropped.
    mutating func appendX(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingX.append(pending(bar)) }
    }

    /// Whether the slot of a bar has not been completed; then the bar waits, in place of one that waited.
    mutating func replace(_ bar: Bar, ofY: Bool, ofX: Bool) -> Bool {
        guard bar.slot >= nextSlot else { return false }
        if ofY { replace(bar, in: &pendingY) }
        if ofX { replace(bar, in: &pendingX) }
        return true
    }

    private func replace(_ bar: Bar, in closes: inout [PendingClose]) {
        let index = closes.lastIndex { $0.slot <= bar.slot }
        if let index, closes[index].slot == bar.slot {
            closes[index] = pending(bar, arrival: closes[index].arrival)
        } else {
            closes.insert(pending(bar), at: index.map { $0 + 1 } ?? 0)
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

    private func pending(_ bar: Bar, arrival: Timestamp? = nil) -> PendingClose {
        PendingClose(slot: bar.slot, closeTime: bar.closeTime, leg: leg(bar), arrival: arrival)
    }

    /// What a bar means to its pair.
    func leg(_ bar: Bar) -> AlignedSlot.Leg {
        guard let close = bar.prices?.close else { return .gap }
        let value = price == .log ? Double.log(close) : close
        return value.isFinite ? .close(value, isCarried: bar.state == .carried) : .gap
    }
}

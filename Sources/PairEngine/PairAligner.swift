import MarketData
import RealModule

/// Joins the bars of two legs by slot, never by position.
///
/// A slot is complete when both legs have a bar of it or of a later slot, when both legs' watermarks have passed its end,
/// or when one leg's bar has waited for long enough; a leg without a bar of it by then is absent.
struct PairAligner: Sendable {
    private let timeframe: Timeframe
    private let price: PriceScale
    private var pendingY: [Pending] = []
    private var pendingX: [Pending] = []
    private var nextSlot = Int64.min

    private struct Pending {
        let bar: Bar
        var arrival: Timestamp?
    }

    init(timeframe: Timeframe, price: PriceScale) {
        self.timeframe = timeframe
        self.price = price
    }

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { !pendingY.isEmpty || !pendingX.isEmpty }

    /// Takes a bar of the y leg; one whose slot is complete already is dropped.
    mutating func appendY(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingY.append(Pending(bar: bar)) }
    }

    /// Takes a bar of the x leg; one whose slot is complete already is dropped.
    mutating func appendX(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingX.append(Pending(bar: bar)) }
    }

    /// Whether the slot of a bar has not been completed; then a bar that waits is replaced.
    mutating func replace(_ bar: Bar, ofY: Bool, ofX: Bool) -> Bool {
        guard bar.slot >= nextSlot else { return false }
        if ofY { Self.replace(bar, in: &pendingY) }
        if ofX { Self.replace(bar, in: &pendingX) }
        return true
    }

    private static func replace(_ bar: Bar, in pending: inout [Pending]) {
        for index in pending.indices where pending[index].bar.slot == bar.slot {
            pending[index] = Pending(bar: bar, arrival: pending[index].arrival)
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
            slot = min(y.bar.slot, x.bar.slot)
        case (let waiting?, nil), (nil, let waiting?):
            slot = waiting.bar.slot
            let isClosed = watermark.map { waiting.bar.closeTime <= $0 } ?? false
            let isOverdue = deadline.flatMap { deadline in waiting.arrival.map { $0 <= deadline } } ?? false
            guard isClosed || isOverdue else { return nil }
        case (nil, nil):
            return nil
        }
        nextSlot = slot + 1
        return AlignedSlot(slot: slot, y: take(slot, from: &pendingY), x: take(slot, from: &pendingX))
    }

    private static func note(_ arrival: Timestamp, in pending: inout [Pending]) {
        for index in pending.indices.reversed() {
            guard pending[index].arrival == nil else { return }
            pending[index].arrival = arrival
        }
    }

    private func take(_ slot: Int64, from pending: inout [Pending]) -> AlignedSlot.Leg {
        guard let bar = pending.first?.bar, bar.slot == slot else { return .absent }
        pending.removeFirst()
        guard let close = bar.prices?.close else { return .gap }
        let value = price == .log ? Double.log(close) : close
        return value.isFinite ? .close(value, isCarried: bar.state == .carried) : .gap
    }
}

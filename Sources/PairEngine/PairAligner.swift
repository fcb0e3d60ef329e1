import MarketData
import RealModule

/// Joins the bars of two legs by slot, never by position.
///
/// A slot is complete when both legs' watermarks have passed its end, or when the other leg has been waited for long
/// enough; a leg without a bar by then is absent.
struct PairAligner: Sendable {
    private let timeframe: Timeframe
    private let price: PriceScale
    private var pendingY: [Bar] = []
    private var pendingX: [Bar] = []
    private var nextSlot = Int64.min

    init(timeframe: Timeframe, price: PriceScale) {
        self.timeframe = timeframe
        self.price = price
    }

    /// Whether a bar waits for the other leg.
    var isWaiting: Bool { !pendingY.isEmpty || !pendingX.isEmpty }

    /// Takes a bar of the y leg; one whose slot is complete already is dropped.
    mutating func appendY(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingY.append(bar) }
    }

    /// Takes a bar of the x leg; one whose slot is complete already is dropped.
    mutating func appendX(_ bar: Bar) {
        if bar.slot >= nextSlot { pendingX.append(bar) }
    }

    /// The next complete slot in which at least one leg has a bar.
    /// - Parameters:
    ///   - watermark: both legs have closed every bar that ends at or before it.
    ///   - deadline: bars that ended before it wait no longer.
    mutating func next(watermark: Timestamp?, deadline: Timestamp?) -> AlignedSlot? {
        let waiting = [pendingY.first?.slot, pendingX.first?.slot].compactMap(\.self)
        guard let slot = waiting.min() else { return nil }
        let end = timeframe.closeTime(of: slot)
        let isClosed = watermark.map { end <= $0 } ?? false
        let isOverdue = deadline.map { end <= $0 } ?? false
        let bothAreHere = pendingY.first?.slot == pendingX.first?.slot
        guard isClosed || isOverdue || bothAreHere else { return nil }
        nextSlot = slot + 1
        return AlignedSlot(slot: slot, y: take(slot, from: &pendingY), x: take(slot, from: &pendingX))
    }

    private func take(_ slot: Int64, from pending: inout [Bar]) -> AlignedSlot.Leg {
        guard let bar = pending.first, bar.slot == slot else { return .absent }
        pending.removeFirst()
        guard let close = bar.prices?.close else { return .gap }
        let value = price == .log ? Double.log(close) : close
        return value.isFinite ? .close(value, isCarried: bar.state == .carried) : .gap
    }
}

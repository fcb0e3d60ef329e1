import MarketData

/// Passes on trades with a plausible time, and holds back trades whose time is ahead of the venue's clock: one such
/// trade would close every bar up to its time.
///
/// A held trade counts as not arrived, so the next id shows that it is missing. It is passed on once the venue's clock
/// reaches its time, or once the times of the venue's other instruments agree; a trade too far ahead is discarded. A
/// pure value: arrival times are those of ``SteadyClock``.
struct TradeTimeGate: Sendable {
    /// The tolerated error of the measured lead, in microseconds.
    static let tolerance: Int64 = 1_000_000
    /// A trade further ahead than this is not held until its time, in microseconds.
    static let longestWait: Int64 = 120_000_000
    /// How long such a trade is held until other instruments agree, in microseconds.
    static let agreementWait: Int64 = 10_000_000
    /// The greatest number of held trades; beyond it the oldest are discarded.
    static let capacity = 10_000

    private struct HeldTrade {
        var trade: Trade
        var arrival: Timestamp
        var isRepair: Bool
    }

    private var venue = VenueTime()
    /// The lead in use, nil while it is unknown.
    private var lead: Int64?
    private var held: [HeldTrade] = []

    /// Sets the measured offset; nil when the measurement is invalid.
    mutating func setOffset(_ microseconds: Int64?, at now: Timestamp) {
        venue.offset = microseconds
        updateLead(at: now)
    }

    /// Checks the trade times of a batch.
    /// - Returns: the batches to pass on; trades held before come first.
    mutating func admit(_ batch: TradeBatch) -> [TradeBatch] {
        if batch.isRepair, lead != nil || batch.numbering != nil { return passed(batch, repairs(in: batch)) }
        var index = 0
        while index < batch.trades.count, isPlausible(batch.trades[index], in: batch) { index += 1 }
        if index == batch.trades.count { return passed(batch, batch.trades) }
        // From the first trade whose time is not plausible.
        var (batches, trades) = ([TradeBatch](), Array(batch.trades[..<index]))
        for trade in batch.trades[index...] {
            if isPlausible(trade, in: batch) {
                trades.append(trade)
                continue
            }
            if updateLead(at: batch.receivedAt) || held.count >= 2 * Self.capacity {
                batches += passed(batch, trades) + release(at: batch.receivedAt)
                trades = []
            }
            if isReached(trade.time, at: batch.receivedAt) {
                trades.append(trade)
            } else {
                held.append(HeldTrade(trade: trade, arrival: batch.receivedAt, isRepair: batch.isRepair))
            }
        }
        return batches + passed(batch, trades)
    }

    /// Checks the held trades again.
    /// - Returns: batches of the trades to pass on and of the discarded ones.
    mutating func advance(to now: Timestamp) -> [TradeBatch] {
        updateLead(at: now)
        return held.isEmpty ? [] : release(at: now)
    }

    /// - Returns: whether the lead has changed.
    @discardableResult
    private mutating func updateLead(at now: Timestamp) -> Bool {
        let before = lead
        lead = venue.lead(at: now) ?? lead
        return lead != before
    }

    /// Records the lead of a trade before the check, so that the trades of one batch can confirm each other.
    private mutating func isPlausible(_ trade: Trade, in batch: TradeBatch) -> Bool {
        venue.record(trade.time - batch.receivedAt, of: trade.instrument, at: batch.receivedAt)
        return isReached(trade.time, at: batch.receivedAt)
    }

    private func isReached(_ time: Timestamp, at now: Timestamp) -> Bool {
        lead.map { time <= now + $0 + Self.tolerance } ?? false
    }

    /// The requested trades with a plausible time; the others are requested again. Requested trades are old and give no
    /// information about the venue's clock, so their leads are not recorded.
    private func repairs(in batch: TradeBatch) -> [Trade] {
        batch.trades.filter { isReached($0.time, at: batch.receivedAt) }
    }

    private func passed(_ batch: TradeBatch, _ trades: [Trade]) -> [TradeBatch] {
        guard !trades.isEmpty else { return [] }
        var passed = batch
        passed.trades = trades
        passed.present = lead.map { batch.receivedAt + $0 }
        return [passed]
    }

    private mutating func release(at now: Timestamp) -> [TradeBatch] {
        guard !held.isEmpty else { return [] }
        var (trades, repairs, staying) = ([Trade](), [Trade](), [HeldTrade]())
        let excess = held.count - Self.capacity
        for (position, entry) in held.enumerated() {
            var trade = entry.trade
            // A held trade is not passed on before its time.
            let isDue = lead.map { trade.time <= now + $0 } ?? false
            if !isDue, !isReached(trade.time, at: entry.arrival) {
                guard position < excess || isTooFarAhead(entry, at: now) else {
                    staying.append(entry)
                    continue
                }
                trade.discard = .time
            }
            if entry.isRepair { repairs.append(trade) } else { trades.append(trade) }
        }
        guard staying.count < held.count else { return [] }
        held = staying
        return passed(TradeBatch(trades: trades, receivedAt: now), trades)
            + passed(TradeBatch(trades: repairs, receivedAt: now, isRepair: true), repairs)
    }

    private func isTooFarAhead(_ entry: HeldTrade, at now: Timestamp) -> Bool {
        now - entry.arrival >= Self.agreementWait
            && entry.trade.time - (now + (lead ?? 0)) > Self.longestWait
    }
}

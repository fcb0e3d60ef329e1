import MarketData

/// Passes on the trades whose time can be believed, and keeps those for a while whose time the venue's clock has not
/// reached: a single one would close every bar until then.
///
/// A trade that is kept counts as not arrived: the next id shows that it is missing. It is passed on once the venue's clock
/// reaches it, or once the venue's other instruments agree with it; one that is too far ahead for that is discarded. A pure
/// value: times of arrival are those of ``SteadyClock``.
struct TradeTimeGate: Sendable {
    /// What the measured lead may be wrong by.
    static let tolerance: Int64 = 1_000_000
    /// A trade further ahead than that is not waited for.
    static let longestWait: Int64 = 120_000_000
    /// How long it may take until other instruments agree with such a trade.
    static let agreementWait: Int64 = 10_000_000
    /// How many trades are kept; of more the oldest are discarded.
    static let capacity = 10_000

    private struct Kept {
        var trade: Trade
        var arrival: Timestamp
        var isRepair: Bool
    }

    private var venue = VenueTime()
    /// The lead to go by, nil while nothing is known.
    private var lead: Int64?
    private var kept: [Kept] = []

    /// Sets what was measured; nil when that is of no use.
    mutating func setOffset(_ microseconds: Int64?, at now: Timestamp) {
        venue.offset = microseconds
        updateLead(at: now)
    }

    /// Judges a batch.
    /// - Returns: what can be passed on; trades that were kept before stand in front.
    mutating func admit(_ batch: TradeBatch) -> [TradeBatch] {
        if batch.isRepair, lead != nil || batch.numbering != nil { return passed(batch, repairs(in: batch)) }
        var index = 0
        while index < batch.trades.count, isBelieved(batch.trades[index], in: batch) { index += 1 }
        if index == batch.trades.count { return passed(batch, batch.trades) }
        // From the first trade on that is not believed.
        var (batches, trades) = ([TradeBatch](), Array(batch.trades[..<index]))
        for trade in batch.trades[index...] {
            if isBelieved(trade, in: batch) {
                trades.append(trade)
                continue
            }
            if updateLead(at: batch.receivedAt) || kept.count >= 2 * Self.capacity {
                batches += passed(batch, trades) + release(at: batch.receivedAt)
                trades = []
            }
            if isReached(trade.time, at: batch.receivedAt) {
                trades.append(trade)
            } else {
                kept.append(Kept(trade: trade, arrival: batch.receivedAt, isRepair: batch.isRepair))
            }
        }
        return batches + passed(batch, trades)
    }

    /// Judges again what is kept.
    /// - Returns: what can be passed on, and what is discarded.
    mutating func advance(to now: Timestamp) -> [TradeBatch] {
        updateLead(at: now)
        return kept.isEmpty ? [] : release(at: now)
    }

    /// - Returns: whether the lead has changed.
    @discardableResult
    private mutating func updateLead(at now: Timestamp) -> Bool {
        let before = lead
        lead = venue.lead(at: now) ?? lead
        return lead != before
    }

    /// Records the lead of a trade before it is judged, so that those of one batch can agree.
    private mutating func isBelieved(_ trade: Trade, in batch: TradeBatch) -> Bool {
        venue.record(trade.time - batch.receivedAt, of: trade.instrument, at: batch.receivedAt)
        return isReached(trade.time, at: batch.receivedAt)
    }

    private func isReached(_ time: Timestamp, at now: Timestamp) -> Bool {
        lead.map { time <= now + $0 + Self.tolerance } ?? false
    }

    /// What was asked for is old, and shows nothing of the venue's clock. What is not believed yet is asked for again.
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
        guard !kept.isEmpty else { return [] }
        var (trades, repairs, staying) = ([Trade](), [Trade](), [Kept]())
        let excess = kept.count - Self.capacity
        for (position, entry) in kept.enumerated() {
            var trade = entry.trade
            // One that had to wait for its time does not come before it.
            let isDue = lead.map { trade.time <= now + $0 } ?? false
            if !isDue, !isReached(trade.time, at: entry.arrival) {
                guard position < excess || isHopeless(entry, at: now) else {
                    staying.append(entry)
                    continue
                }
                trade.discard = .time
            }
            if entry.isRepair { repairs.append(trade) } else { trades.append(trade) }
        }
        guard staying.count < kept.count else { return [] }
        kept = staying
        return passed(TradeBatch(trades: trades, receivedAt: now), trades)
            + passed(TradeBatch(trades: repairs, receivedAt: now, isRepair: true), repairs)
    }

    private func isHopeless(_ entry: Kept, at now: Timestamp) -> Bool {
        now - entry.arrival >= Self.agreementWait
            && entry.trade.time - (now + (lead ?? 0)) > Self.longestWait
    }
}

import MarketData

/// How far a venue's clock is ahead of ``SteadyClock``, by measurement and by the times of its trades.
///
/// The lead of a trade is its time minus its arrival time. Delays make it smaller, so no correct trade has a greater
/// lead than the venue. The agreed lead is the median over the active instruments of the median lead of each one's last
/// three trades. So a single trade or instrument cannot change it, but a jump of the venue's clock does.
struct VenueTime: Sendable {
    /// An instrument without a trade for this time does not count, in microseconds.
    private static let relevance: Int64 = 10_000_000
    /// How long the first trades wait for confirmation by others, in microseconds.
    private static let confirmationWait: Int64 = 2_000_000
    /// How much older than the measured time trades may be on an overloaded connection, in microseconds.
    private static let usualDelay: Int64 = 60_000_000
    /// How long they may be even older, in microseconds; after that the measured time counts as wrong.
    private static let longestDisagreement: Int64 = 10_000_000

    private struct Leads {
        /// The last three leads, newest first; the maximum value marks a missing one.
        private var latest: (Int64, Int64, Int64) = (.max, .max, .max)
        private(set) var count = 0
        private(set) var lastArrival = Timestamp(microseconds: .min)

        mutating func add(_ lead: Int64, at arrival: Timestamp) {
            latest = (lead, latest.0, latest.1)
            count += 1
            lastArrival = arrival
        }

        /// The median of three leads, or the smaller of two.
        var median: Int64 {
            let (a, b, c) = latest
            return count < 3 ? min(a, b) : max(min(a, b), min(max(a, b), c))
        }
    }

    /// The lead measured over REST, in microseconds, nil while unknown.
    var offset: Int64?

    /// The leads by the instrument's index, up to the greatest index with a trade.
    private var leads: [Leads] = []
    private var firstArrival: Timestamp?
    private var lastArrival: Timestamp?
    private var disagreementStart: Timestamp?

    /// Records the lead of a trade.
    mutating func record(_ lead: Int64, of instrument: InstrumentID, at arrival: Timestamp) {
        let index = Int(instrument.index)
        guard index >= 0 else { return }
        while leads.count <= index { leads.append(Leads()) }
        leads[index].add(lead, at: arrival)
        firstArrival = firstArrival ?? arrival
        lastArrival = arrival
    }

    /// The lead to use, in microseconds, nil while it is unknown.
    mutating func lead(at now: Timestamp) -> Int64? {
        let agreed = agreement(at: now)
        guard let offset else { return agreed }
        guard let agreed else { return offset }
        return isWrong(offset, beside: agreed, at: now) ? agreed : max(offset, agreed)
    }

    /// Whether trades have been too old for the measured time for too long.
    private mutating func isWrong(_ offset: Int64, beside agreed: Int64, at now: Timestamp) -> Bool {
        guard offset.subtractingClamped(agreed) > Self.usualDelay else {
            disagreementStart = nil
            return false
        }
        let start = disagreementStart ?? now
        disagreementStart = start
        return now - start >= Self.longestDisagreement
    }

    private func agreement(at now: Timestamp) -> Int64? {
        guard let firstArrival, let lastArrival else { return nil }
        let relevant = leads.filter { $0.count > 0 && lastArrival - $0.lastArrival <= Self.relevance }
        let isSupported = relevant.count > 1 || relevant.contains { $0.count > 2 }
        guard isSupported || (offset == nil && now - firstArrival >= Self.confirmationWait) else { return nil }
        let medians = relevant.map(\.median).sorted()
        return medians.isEmpty ? nil : medians[(medians.count - 1) / 2]
    }
}

extension Int64 {
    /// The difference, clamped to the range of `Int64`.
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < other ? .min : .max) : difference
    }
}

import MarketData

/// How far a venue's clock is ahead of ``SteadyClock``: as measured, and as its trades show.
///
/// The lead of a trade is its time less its arrival. Delays make it smaller, so no right trade has a greater lead than the
/// venue. The agreed lead is one that more than half of the instruments that trade reach, each by the median of its last
/// trades: neither one trade nor one instrument changes it, and a venue whose clock jumps does.
struct VenueTime: Sendable {
    /// An instrument without a trade for that long does not count.
    private static let relevance: Int64 = 10_000_000
    /// How long the first trades wait for others to confirm them.
    private static let patience: Int64 = 2_000_000
    /// How much older than the measured time trades may be, as flooded connections make them.
    private static let usualDelay: Int64 = 60_000_000
    /// For how long they may be older still: the measured time is wrong after that.
    private static let longestDisagreement: Int64 = 10_000_000

    private struct Leads {
        /// The last one first; those that there are not yet stand as the greatest.
        private var latest: (Int64, Int64, Int64) = (.max, .max, .max)
        private(set) var count = 0
        private(set) var lastArrival = Timestamp(microseconds: .min)

        mutating func add(_ lead: Int64, at arrival: Timestamp) {
            latest = (lead, latest.0, latest.1)
            count += 1
            lastArrival = arrival
        }

        /// Of two the smaller.
        var median: Int64 {
            let (a, b, c) = latest
            return count < 3 ? min(a, b) : max(min(a, b), min(max(a, b), c))
        }
    }

    /// As measured over REST, nil while unknown.
    var offset: Int64?

    /// By the instrument's index, up to the greatest that has traded.
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

    /// The lead to go by, nil while nothing is known.
    mutating func lead(at now: Timestamp) -> Int64? {
        let agreed = agreement(at: now)
        guard let offset else { return agreed }
        guard let agreed else { return offset }
        return isWrong(offset, beside: agreed, at: now) ? agreed : max(offset, agreed)
    }

    /// Whether trades have been older than the measured time explains for too long.
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
        guard isSupported || (offset == nil && now - firstArrival >= Self.patience) else { return nil }
        let medians = relevant.map(\.median).sorted()
        return medians.isEmpty ? nil : medians[(medians.count - 1) / 2]
    }
}

extension Int64 {
    /// The difference, or the extreme value that it lies beyond.
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < other ? .min : .max) : difference
    }
}

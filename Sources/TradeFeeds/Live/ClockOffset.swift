import MarketData

/// How far the venue's clock is ahead of this machine's steady one, from the answer that took the least time of the last few: half of
/// that time bounds the error.
struct ClockOffset: Sendable {
    private static let remembered = 8
    /// An answer that took longer, because the request had to wait for its turn, is too vague.
    private static let longestRoundTrip: Int64 = 10_000_000

    private var samples: [(roundTrip: Int64, offset: Int64)] = []

    /// The offset in microseconds, nil before the first answer.
    var microseconds: Int64? {
        samples.min { $0.roundTrip < $1.roundTrip }?.offset
    }

    /// Takes the venue's time and this machine's before and after asking for it.
    mutating func take(venueTime: Timestamp, sent: Timestamp, received: Timestamp) {
        let roundTrip = received - sent
        guard (0...Self.longestRoundTrip).contains(roundTrip) else { return }
        samples.append((roundTrip, venueTime - (sent + roundTrip / 2)))
        if samples.count > Self.remembered { samples.removeFirst() }
    }

    /// Makes what was measured of no use: this machine's clocks have moved against each other since.
    mutating func forget() {
        samples = []
    }
}

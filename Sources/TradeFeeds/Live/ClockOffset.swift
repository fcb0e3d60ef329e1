import MarketData

/// How far the venue's clock is ahead of this machine's, from the answer that took the least time of the last few: half of
/// that time bounds the error.
struct ClockOffset: Sendable {
    private static let remembered = 8

    private var samples: [(roundTrip: Int64, offset: Int64)] = []

    /// The offset in microseconds, nil before the first answer.
    var microseconds: Int64? {
        samples.min { $0.roundTrip < $1.roundTrip }?.offset
    }

    /// Takes the venue's time and this machine's before and after asking for it.
    mutating func take(venueTime: Timestamp, sent: Timestamp, received: Timestamp) {
        let roundTrip = received - sent
        // The wall clock was set meanwhile.
        guard roundTrip >= 0 else { return }
        samples.append((roundTrip, venueTime - (sent + roundTrip / 2)))
        if samples.count > Self.remembered { samples.removeFirst() }
    }
}

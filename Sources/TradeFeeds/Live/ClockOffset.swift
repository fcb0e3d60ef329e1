import MarketData

/// How far the venue's clock is ahead of ``SteadyClock``, from the fastest of the last few responses: half of its round
/// trip bounds the error.
struct ClockOffset: Sendable {
    private static let sampleLimit = 8
    /// A slower response, of a request that had to wait in a queue, is too inaccurate.
    private static let longestRoundTrip: Int64 = 10_000_000

    private var samples: [(roundTrip: Int64, offset: Int64)] = []

    /// The offset in microseconds, nil before the first response.
    var microseconds: Int64? {
        samples.min { $0.roundTrip < $1.roundTrip }?.offset
    }

    /// Records the venue's time and the steady clock's times before and after the request.
    mutating func record(venueTime: Timestamp, sent: Timestamp, received: Timestamp) {
        let roundTrip = received - sent
        guard (0...Self.longestRoundTrip).contains(roundTrip) else { return }
        samples.append((roundTrip, venueTime - (sent + roundTrip / 2)))
        if samples.count > Self.sampleLimit { samples.removeFirst() }
    }

    /// Removes all measurements, which are invalid after a step of this machine's wall clock.
    mutating func reset() {
        samples = []
    }
}

import MarketData

/// The event time of a replay at a multiple of the recorded speed; a pure value.
struct ReplayClock: Sendable {
    /// Limits elapsed times to 285 years in microseconds, because greater ones may not fit into `Int64`.
    private static let span = -9e15...9e15

    private let speed: Double
    private let startTime: Timestamp
    private let startInstant: ContinuousClock.Instant

    init(speed: Double, startTime: Timestamp, startInstant: ContinuousClock.Instant) {
        self.speed = speed
        self.startTime = startTime
        self.startInstant = startInstant
    }

    /// The file's time at an instant.
    func time(at instant: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = startInstant.duration(to: instant).components
        let elapsed = (Double(seconds) * 1e6 + Double(attoseconds) / 1e12) * speed
        return startTime + Int64(Self.bounded(elapsed))
    }

    /// The instant at which the file's time is reached.
    func instant(of time: Timestamp) -> ContinuousClock.Instant {
        startInstant + .microseconds(Self.bounded(Double(time - startTime) / speed))
    }

    private static func bounded(_ microseconds: Double) -> Double {
        min(max(microseconds, span.lowerBound), span.upperBound)
    }
}

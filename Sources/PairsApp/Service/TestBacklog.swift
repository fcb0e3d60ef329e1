/// The time since which tests wait: that of the oldest test that is due and has no result.
///
/// Tests end approximately in the order in which they became due, so that counts are enough.
struct TestBacklog: Sendable {
    private var arrivals: [(count: Int, time: ContinuousClock.Instant)] = []
    private var waiting = 0

    /// When the oldest waiting test became due, nil while none waits.
    var oldest: ContinuousClock.Instant? { arrivals.first?.time }

    /// Records the number of waiting tests.
    mutating func update(waiting now: Int, now time: ContinuousClock.Instant) {
        if now > waiting { arrivals.append((count: now - waiting, time: time)) }
        var done = waiting - now
        while done > 0, let first = arrivals.first {
            let taken = min(done, first.count)
            done -= taken
            if taken == first.count { arrivals.removeFirst() } else { arrivals[0].count -= taken }
        }
        waiting = now
    }
}

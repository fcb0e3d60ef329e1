/// What one read of a socket held, collected so that the shared counters are locked once per read.
struct ReadCounts {
    var frames = 0
    var bytes = 0
    var ignored = 0
    /// Frames that brought trades as they happened.
    var tradeFrames = 0
    var failures: [DecodeFailure] = []
}

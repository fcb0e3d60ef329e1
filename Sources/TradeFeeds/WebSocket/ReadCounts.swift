/// The counts of one read of a socket, collected so that the shared counters are locked once per read.
struct ReadCounts {
    var frames = 0
    var bytes = 0
    var ignored = 0
    /// Frames with new trades.
    var tradeFrames = 0
    var failures: [DecodeFailure] = []
}

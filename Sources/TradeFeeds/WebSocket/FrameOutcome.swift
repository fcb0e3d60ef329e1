/// What a message turned out to be.
public enum FrameOutcome: Hashable, Sendable {
    /// Records of the streams asked for.
    case trades
    /// A well-formed event of another kind.
    case ignored
    /// A reply to a request, which proves nothing about the stream.
    case acknowledgement
    /// Something that should have given a record and did not.
    case failed(DecodeFailure)
}

/// What a line of a replayed file turned out to be.
package enum ReplayLine {
    case trade(TradeRecord)
    /// A header or an empty line.
    case blank
    /// An event of another kind.
    case ignored
    case failed(DecodeFailure)
}

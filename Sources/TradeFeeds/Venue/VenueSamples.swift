import MarketData

/// Messages and responses in a venue's format with one trade or candle each. Tests vary them, so that a venue is tested
/// without a recording.
struct VenueSamples: Sendable {
    /// The symbol that the frames contain.
    let symbol: String
    /// A frame with a trade of the symbol, then frames of other kinds.
    let frames: [String]
    /// A response with the venue's time.
    let serverTime: String
    /// A response with trades of the symbol.
    let trades: String
    /// A response with candles.
    let candles: String
    /// The symbols in the recordings from which the fuzzer starts.
    let recordedSymbols: [String]
    /// A decoder for these recordings.
    let recordedDecoder: @Sendable (_ symbols: [(symbol: String, id: InstrumentID)]) -> any FrameDecoder
}

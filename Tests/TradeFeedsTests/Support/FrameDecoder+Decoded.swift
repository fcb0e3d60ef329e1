import MarketData

@testable import TradeFeeds

extension FrameDecoder {
    /// The outcome of one frame for a copy of the decoder, and the trades in it.
    func decoded(_ bytes: [UInt8]) -> (outcome: FrameOutcome, trades: [Trade]) {
        var (decoder, trades) = (self, [Trade]())
        let outcome = decoder.decode(bytes.span.bytes, into: &trades)
        return (outcome, trades)
    }
}

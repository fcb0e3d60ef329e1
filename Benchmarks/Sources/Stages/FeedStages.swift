/// From the bytes of a frame to trades and bars.
enum FeedStages {
    private static let count = 100_000

    /// Frame → trade.
    static func decode() {
        for (name, order) in [("decode", AggTradeFrames.Order.idFirst), ("decode.symbol_first", .symbolFirst)] {
            let reader = FrameReader(frames: AggTradeFrames(count: count, order: order))
            Measurement.report(name, units: count) {
                if reader.readAll() != count { fail("\(name): not every frame gave a trade") }
            }
        }
    }

    /// Frame → bars: the decoder, the check of ids and the bars of three timeframes, of 20 frames at a time.
    static func bars() {
        let pipeline = BarStage(frames: AggTradeFrames(count: count, order: .idFirst))
        Measurement.report("bars", units: count) {
            if pipeline.read(count) != count { fail("bars: not every frame became part of a bar") }
        }
    }
}

extension FrameFormat {
    /// Frames of Binance's streams, bare or wrapped by a combined stream.
    package static let binance = FrameFormat { frame, kind throws(DecodeFailure) in
        let message = try BinanceMessage(frame)
        let kinds = kind.flatMap(BinanceStream.init).map { [$0] } ?? BinanceStream.allCases
        guard let found = kinds.first(where: { message.isEvent($0, in: frame) }) else {
            _ = try message.outcomeOfOther(in: frame)
            return nil
        }
        return (try message.record(of: found, in: frame).0, found.rawValue)
    }
}

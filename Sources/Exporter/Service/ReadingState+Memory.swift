import Foundation
import PairEngine
import TradeStore

extension ReadingState {
    /// The stored form of what tests left, as JSON, whose numbers keep every bit; nil for what JSON cannot represent.
    init?(_ memory: ReadingMemory, of key: ReadingKey) {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        guard let bytes = try? encoder.encode(memory) else { return nil }
        self.init(
            y: key.y,
            x: key.x,
            timeframe: key.timeframe,
            window: key.window,
            settings: key.settings,
            slot: memory.slot,
            state: Array(bytes)
        )
    }

    /// What tests left; nil for bytes that are none, as of another version of the program.
    var memory: ReadingMemory? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try? decoder.decode(ReadingMemory.self, from: Data(state))
    }
}

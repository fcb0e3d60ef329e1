import Foundation
import MarketData
import PairEngine
import TradeStore

extension ReadingState {
    /// The stored form of a memory of tests, as JSON, whose numbers keep every bit; nil where JSON cannot represent it.
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

    /// The memory of tests; nil for bytes of another form, as of another version of the program.
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

extension ReadingStateReader {
    /// The memories of the tests of an engine's readings.
    /// - Parameter number: the number that the store has for an instrument of the engine; nil where it has none.
    func memories(
        of engine: PairEngine,
        number: (InstrumentID) -> InstrumentID? = { $0 }
    ) async throws -> [ReadingKey: ReadingMemory] {
        var memories: [ReadingKey: ReadingMemory] = [:]
        for key in engine.readings.indices.map(engine.key) {
            guard let y = number(key.y), let x = number(key.x) else { continue }
            let states = try await readingStates(of: y, x, timeframe: key.timeframe)
            memories[key] = states.first { $0.window == key.window && $0.settings == key.settings }?.memory
        }
        return memories
    }
}

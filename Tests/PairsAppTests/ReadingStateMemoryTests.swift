import MarketData
import PairEngine
import SimulatedPairs
import Testing
import TradeStore

@testable import PairsApp

@Suite struct ReadingStateMemoryTests {
    @Test("A memory of tests is restored from its stored form to the last bit, with a break monitor and without")
    func roundTrip() throws {
        let timeframe = try #require(Timeframe("1m"))
        let definition = PairDefinition(
            name: "p",
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [timeframe],
            windows: [100],
            tests: TestSettings(minimumObservations: 100)
        )
        var engine = PairEngine(definitions: [definition], settings: EngineSettings())
        let pair = SimulatedPair(.gaussian, .cointegrated(halfLife: 2, correlation: 0.7), bars: 700, seed: 5)
        var isProven: Set<Bool> = []
        for (slot, prices) in zip(pair.y, pair.x).enumerated() {
            for (leg, price) in [prices.0, prices.1].enumerated() {
                engine.append(
                    Bar(
                        instrument: InstrumentID(leg),
                        timeframe: timeframe,
                        slot: Int64(slot),
                        state: .traded,
                        prices: .carried(price)
                    )
                )
            }
            let closeTime = timeframe.closeTime(of: Int64(slot))
            for job in engine.advance(
                instruments: [InstrumentID(0), InstrumentID(1)],
                watermark: closeTime,
                now: closeTime
            ) {
                _ = engine.complete(job, job.run())
                let memory = try #require(engine.memory(of: 0))
                isProven.insert(engine.readings[0].isProven)
                let state = try #require(ReadingState(memory, of: engine.key(of: 0)))
                #expect(state.memory == memory)
                #expect(state.slot == memory.slot && state.window == 100)
            }
        }
        #expect(isProven == [false, true])
    }

    @Test(
        "Damaged bytes give no memory",
        arguments: [
            ("[0,1]", "[0]"), (#""window":100"#, #""window":0"#), (#""slots":["#, #""slots":[9000000000000000000,"#),
        ]
    )
    func damaged(found: String, replacement: String) throws {
        let text = #"""
            {"slot":20,"evidence":{"window":100,"step":5,"slots":[10],"probits":[1],"lastSlot":10,"line":[0,1],
            "rejectionsOfY":[],"rejectionsOfX":[],"isOverThreshold":false,"score":1},
            "breaks":{"window":100,"interval":5,"armedSlot":0}}
            """#
        func memory(_ text: String) -> ReadingMemory? {
            ReadingState(
                y: InstrumentID(0),
                x: InstrumentID(1),
                timeframe: .second,
                window: 100,
                settings: "",
                slot: 0,
                state: Array(text.utf8)
            ).memory
        }
        #expect(memory(text) != nil)
        #expect(text.contains(found) && memory(text.replacing(found, with: replacement)) == nil)
    }

    @Test("Bytes of another form give no memory", arguments: ["", "{}", "[1]", #"{"slot": 1}"#])
    func foreign(text: String) throws {
        let state = ReadingState(
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframe: .second,
            window: 100,
            settings: "",
            slot: 0,
            state: Array(text.utf8)
        )
        #expect(state.memory == nil)
    }
}

import MarketData
import PairEngine
import TestSupport
import Testing

/// The state that an engine adopts from the one before it.
@Suite struct AdoptionTests {
    private static func definition(_ name: String, windows: [Int], price: PriceScale = .log) throws -> PairDefinition {
        PairDefinition(
            name: name,
            y: InstrumentID(0),
            x: InstrumentID(1),
            timeframes: [try .sample("1s")],
            windows: windows,
            price: price
        )
    }

    private static func engine(_ definitions: [PairDefinition]) -> PairEngine {
        PairEngine(definitions: definitions, settings: EngineSettings())
    }

    private static func close(_ slot: MarketSlot, _ engines: inout [PairEngine]) throws {
        let timeframe = try Timeframe.sample("1s")
        for index in engines.indices {
            for bar in slot.bars(timeframe) { engines[index].append(bar) }
            let time = timeframe.closeTime(of: slot.slot)
            for job in engines[index].advance(
                instruments: [InstrumentID(0), InstrumentID(1)],
                watermark: time,
                now: time
            ) {
                _ = engines[index].complete(job, job.run())
            }
        }
    }

    @Test("A pair that stays continues bit for bit under another name and at another position")
    func staying() throws {
        var generator = SeededRandom(seed: 3)
        let slots = MarketSlot.random(400, faults: 2, using: &generator)
        let kept = try Self.definition("a", windows: [20, 60])
        var engines = [Self.engine([kept])]
        for slot in slots[..<300] { try Self.close(slot, &engines) }
        var renamed = kept
        renamed.name = "b"
        var next = Self.engine([try Self.definition("c", windows: [30], price: .level), renamed])
        next.adopt(engines[0])
        engines.append(next)
        #expect(engines[1].readings.map(\.pair) == [0, 1, 1])
        var values = 0
        for (offset, slot) in slots[300...].enumerated() {
            try Self.close(slot, &engines)
            values += engines[1].readings[1].zScore.value == nil ? 0 : 1
            guard offset.isMultiple(of: 20) else { continue }
            for (old, new) in zip(engines[0].readings, engines[1].readings[1...]) {
                var moved = new.state
                moved.replace("pair: 1", with: "pair: 0", maxReplacements: 1)
                #expect(moved == old.state)
            }
        }
        #expect(values > 50)
    }

    @Test(
        "A pair with other windows, another scale or other tests keeps what it was warmed with",
        arguments: ["windows", "price", "tests"]
    )
    func changing(what: String) throws {
        var generator = SeededRandom(seed: 4)
        let slots = MarketSlot.random(100, using: &generator)
        let before = try Self.definition("a", windows: [20])
        var after = before
        switch what {
        case "windows": after.windows = [20, 30]
        case "price": after.price = .level
        default: after.tests.minimumObservations = 20
        }
        var engines = [Self.engine([before]), Self.engine([after])]
        for slot in slots { try Self.close(slot, &engines) }
        let own = engines[1].readings.map(\.state)
        engines[1].adopt(engines[0])
        #expect(engines[1].readings.map(\.state) == own)
    }

    @Test("A bar that waits for its other leg still waits")
    func waiting() throws {
        var generator = SeededRandom(seed: 5)
        let slots = MarketSlot.random(60, using: &generator)
        let definition = try Self.definition("a", windows: [20])
        var engines = [Self.engine([definition])]
        for slot in slots[..<50] { try Self.close(slot, &engines) }
        let timeframe = try Timeframe.sample("1s")
        let half = slots[50].bars(timeframe)
        engines[0].append(half[0])
        let time = timeframe.closeTime(of: slots[50].slot)
        _ = engines[0].advance(instruments: [InstrumentID(0)], watermark: time, now: time)
        var next = Self.engine([definition])
        next.adopt(engines[0])
        next.append(half[1])
        _ = next.advance(instruments: [InstrumentID(0), InstrumentID(1)], watermark: time, now: time)
        #expect(next.readings[0].closeTime == time)
        #expect(next.readings[0].gapRatio == 0)
    }
}

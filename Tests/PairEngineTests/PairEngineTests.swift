import MarketData
import PairEngine
import PairStatistics
import TestSupport
import Testing

@Suite struct PairEngineTests {
    @Test(
        "Readings equal their definitions, bar for bar, whatever the windows lose",
        arguments: 0..<6,
        [PriceScale.log, .level]
    )
    func bruteForce(seed: Int, price: PriceScale) throws {
        var generator = SeededRandom(seed: seed)
        let windows = [20, 60, 133]
        let minimumFill = [0.9, 0.7, 0.5][seed % 3]
        let slots = MarketSlot.random(300, faults: seed % 4, using: &generator)
        var run = try PairRun(windows: windows, price: price, minimumFill: minimumFill)
        let first = try #require(slots.firstIndex { !$0.bars(run.timeframe).isEmpty })
        var compared = 0
        for end in first..<slots.count {
            run.close(slots[end])
            // A slot without any bar goes by unseen until the next one with a bar.
            guard !slots[end].bars(run.timeframe).isEmpty else { continue }
            for (index, window) in windows.enumerated() {
                let reading = run.engine.readings[index]
                let expected = ReferenceReading(
                    Array(slots[first...end]),
                    window: window,
                    minimumFill: minimumFill,
                    price: price
                )
                let differences = differences(reading, expected)
                if !differences.isEmpty { Issue.record("slot \(end), window \(window): \(differences)") }
                if expected.forecastZScore != nil { compared += 1 }
            }
        }
        #expect(compared > 100)
    }

    @Test("Readings stand in the order of pairs, timeframes and windows")
    func order() throws {
        let frames = try ["1s", "1m"].map { try Timeframe.sample($0) }
        let definitions = ["a", "b"].map { name in
            PairDefinition(name: name, y: InstrumentID(0), x: InstrumentID(1), timeframes: frames, windows: [60, 30])
        }
        let engine = PairEngine(definitions: definitions, settings: EngineSettings())
        #expect(engine.readings.map(\.pair) == [0, 0, 0, 0, 1, 1, 1, 1])
        #expect(engine.readings.map(\.timeframe.label) == ["1s", "1s", "1m", "1m", "1s", "1s", "1m", "1m"])
        #expect(engine.readings.map(\.window) == [60, 30, 60, 30, 60, 30, 60, 30])
        #expect(engine.readings.allSatisfy { $0.closeTime == nil && $0.fit.reason == .warmingUp })
    }

    @Test("Legs meet by slot, never by position")
    func alignment() throws {
        var generator = SeededRandom(seed: 5)
        let slots = MarketSlot.random(100, using: &generator)
        var run = try PairRun(windows: [20])
        for (position, slot) in slots.enumerated() {
            // y begins 7 slots late and misses every 30th: paired by position every point would be another one.
            let y = position < 7 || position % 30 == 0 ? Leg.absent : slot.y
            run.close(MarketSlot(slot: slot.slot, y: y, x: slot.x))
        }
        let fit = try run.reading.fit.get()
        #expect(fit.observations == 19)
        let expected = slots.indices.suffix(20).filter { $0 % 30 != 0 }.map { slots[$0] }
        let reference = ReferenceReading(expected, window: 19, minimumFill: 1, price: .log)
        #expect(close(fit.slope, reference.slope))
    }

    @Test("Each pair reads its own legs, and one instrument may stand in many")
    func pairs() throws {
        var generator = SeededRandom(seed: 6)
        let second = try Timeframe.sample("1s")
        let slots = MarketSlot.random(80, using: &generator)
        let legs = [(0, 1), (1, 0), (0, 0)]
        let definitions = legs.map { y, x in
            PairDefinition(
                name: "\(y)-\(x)",
                y: InstrumentID(y),
                x: InstrumentID(x),
                timeframes: [second],
                windows: [60]
            )
        }
        var engine = PairEngine(definitions: definitions, settings: EngineSettings())
        for slot in slots {
            for bar in slot.bars(second) { engine.append(bar) }
            let end = second.closeTime(of: slot.slot)
            _ = engine.advance(instruments: [InstrumentID(0), InstrumentID(1)], watermark: end, now: end)
        }
        let forward = try engine.readings[0].fit.get()
        let backward = try engine.readings[1].fit.get()
        let same = try engine.readings[2].fit.get()
        #expect(close(forward.slope * backward.slope, forward.rSquared))
        #expect(close(same.slope, 1))
        #expect(engine.readings[2].zScore.reason == .collinear)
        #expect(engine.readings[2].forecastZScore.reason == .collinear)
    }

    @Test("Bars of other timeframes and instruments are not mixed in")
    func foreignBars() throws {
        var generator = SeededRandom(seed: 7)
        let slots = MarketSlot.random(70, using: &generator)
        let other = try Timeframe.sample("5s")
        var clean = try PairRun(windows: [60])
        clean.close(slots)
        var mixed = try PairRun(windows: [60])
        for slot in slots {
            mixed.append(try #require(Leg.traded(1).bar(5, mixed.timeframe, slot: slot.slot)))
            mixed.append(try #require(Leg.traded(1).bar(0, other, slot: slot.slot)))
            mixed.close(slot)
        }
        #expect("\(mixed.reading)" == "\(clean.reading)")
    }

    @Test("A leg of another feed is waited for until the timeout, and then it is absent")
    func pairTimeout() throws {
        var generator = SeededRandom(seed: 8)
        let slots = MarketSlot.random(62, using: &generator)
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<60]))
        let filled = try run.reading.fit.get()
        var engine = run.engine
        let second = run.timeframe
        let end = second.closeTime(of: slots[60].slot)

        // Only the y leg's feed advances.
        engine.append(slots[60].bars(second)[0])
        _ = engine.advance(instruments: [InstrumentID(0)], watermark: end, now: end + 250_000)
        #expect(try engine.readings[0].fit.get() == filled)
        _ = engine.advance(instruments: [InstrumentID(0)], watermark: end + 2_000_000, now: end + 2_249_999)
        #expect(engine.readings[0].closeTime == end - second.microseconds)
        _ = engine.advance(instruments: [InstrumentID(0)], watermark: end + 2_000_000, now: end + 2_250_000)
        #expect(engine.readings[0].closeTime == end)
        #expect(engine.readings[0].observations == 59)
        #expect(engine.readings[0].zScore.reason == .stale)
        #expect(engine.readings[0].fit.value != nil)

        // The late bar is too late for that slot and is used for the next.
        engine.append(slots[60].bars(second)[1])
        for bar in slots[61].bars(second) { engine.append(bar) }
        _ = engine.advance(
            instruments: [InstrumentID(0), InstrumentID(1)],
            watermark: end + second.microseconds,
            now: end + 2_500_000
        )
        #expect(engine.readings[0].observations == 59)
        #expect(engine.readings[0].zScore.value != nil)
        let lost = MarketSlot(slot: slots[60].slot, y: slots[60].y, x: .absent)
        let reference = ReferenceReading(
            Array(slots[..<60]) + [lost, slots[61]],
            window: 60,
            minimumFill: 0.9,
            price: .log
        )
        #expect(differences(engine.readings[0], reference).isEmpty)
    }

    @Test("The other leg in time completes the slot at once, whichever comes first", arguments: [[0, 1], [1, 0]])
    func otherLegInTime(order: [Int]) throws {
        var generator = SeededRandom(seed: 9)
        let slots = MarketSlot.random(60, using: &generator)
        var engine = try PairRun(windows: [60]).engine
        let second = try Timeframe.sample("1s")
        for slot in slots {
            let end = second.closeTime(of: slot.slot)
            for (step, leg) in order.enumerated() {
                engine.append(slot.bars(second)[leg])
                let now = end + 250_000 + Int64(step) * 900_000
                _ = engine.advance(instruments: [InstrumentID(leg)], watermark: end, now: now)
            }
            #expect(engine.readings[0].closeTime == end)
        }
        #expect(engine.readings[0].observations == 60)
        #expect(engine.readings[0].gapRatio == 0)
    }

    @Test("Bars that come all at once after an outage wait for the other leg's, however old they are")
    func afterOutage() throws {
        var generator = SeededRandom(seed: 10)
        let slots = MarketSlot.random(80, using: &generator)
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<60]))
        var engine = run.engine
        let now = run.timeframe.closeTime(of: slots[79].slot) + 250_000
        let old = run.timeframe.closeTime(of: slots[59].slot)
        for slot in slots[60...] { engine.append(slot.bars(run.timeframe)[0]) }
        _ = engine.advance(instruments: [InstrumentID(0), InstrumentID(1)], watermark: old, now: now)
        #expect(engine.readings[0].closeTime == old)
        for slot in slots[60...] { engine.append(slot.bars(run.timeframe)[1]) }
        _ = engine.advance(
            instruments: [InstrumentID(0), InstrumentID(1)],
            watermark: now - 250_000,
            now: now + 50_000
        )
        #expect(engine.readings[0].closeTime == now - 250_000)
        #expect(engine.readings[0].observations == 60)
    }

    @Test("Where both legs' feeds have passed a slot, a leg without a bar is not waited for")
    func watermarkPassed() throws {
        var generator = SeededRandom(seed: 11)
        let slots = MarketSlot.random(61, using: &generator)
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<60]))
        run.close(MarketSlot(slot: slots[60].slot, y: slots[60].y, x: .absent))
        #expect(run.reading.closeTime == run.timeframe.closeTime(of: slots[60].slot))
        #expect(run.reading.zScore.reason == .stale)
    }

    @Test("After a warm start with stored bars in any order, readings equal those of live bars", arguments: 0..<6)
    func warm(seed: Int) throws {
        var generator = SeededRandom(seed: 100 + seed)
        let slots = MarketSlot.random(400, faults: seed % 3, using: &generator)
        let tests = TestSettings(everyBars: seed == 3 ? 4 : nil, minimumObservations: 40)
        var live = try PairRun(windows: [60, 120], tests: tests)
        live.close(slots)
        var warm = try PairRun(windows: [60, 120], tests: tests)
        warm.warm(with: slots.flatMap { $0.bars(live.timeframe) }.shuffled(using: &generator))
        for (found, expected) in zip(warm.engine.readings, live.engine.readings) {
            #expect(found.state == expected.state)
            #expect(found.evidence != nil || seed % 3 > 0)
        }
    }

    @Test("Warm and then live equals live throughout", arguments: [1, 59, 61, 200])
    func warmThenLive(stop: Int) throws {
        var generator = SeededRandom(seed: 200)
        let slots = MarketSlot.random(240, faults: 1, using: &generator)
        let tests = TestSettings(minimumObservations: 40)
        var live = try PairRun(windows: [60], tests: tests)
        live.close(slots)
        var run = try PairRun(windows: [60], tests: tests)
        run.warm(with: slots[..<stop].flatMap { $0.bars(live.timeframe) })
        run.close(Array(slots[stop...]))
        #expect(run.reading.state == live.reading.state)
    }

    @Test("The history that makes everything complete is six windows, and the same for readings that begin there")
    func historyLength() throws {
        var generator = SeededRandom(seed: 12)
        let slots = MarketSlot.random(1_500, using: &generator)
        var whole = try PairRun(windows: [60, 100])
        whole.close(slots)
        var run = try PairRun(windows: [60, 100])
        let length = run.engine.historyLength(timeframe: run.timeframe)
        #expect(length == 600)
        run.close(slots.suffix(length))
        for (found, expected) in zip(run.engine.readings, whole.engine.readings) {
            #expect(try found.fit.get() == expected.fit.get())
            #expect(try found.forecastZScore.get() == expected.forecastZScore.get())
            #expect(found.signals.active == expected.signals.active)
            #expect(found.observations == found.window)
        }
        #expect(try PairRun(windows: [60]).engine.historyLength(timeframe: .sample("1m")) == 0)
    }

    @Test("The timeframes of an instrument are those of its pairs, shortest first")
    func timeframes() throws {
        let definitions = try [(0, 1, ["5m", "1s"]), (2, 0, ["1m", "1s"])].map { y, x, frames in
            PairDefinition(
                name: "\(y)-\(x)",
                y: InstrumentID(y),
                x: InstrumentID(x),
                timeframes: try frames.map { try Timeframe.sample($0) },
                windows: [60]
            )
        }
        let engine = PairEngine(definitions: definitions, settings: EngineSettings())
        #expect(engine.timeframes(of: InstrumentID(0)).map(\.label) == ["1s", "1m", "5m"])
        #expect(engine.timeframes(of: InstrumentID(1)).map(\.label) == ["1s", "5m"])
        #expect(engine.timeframes(of: InstrumentID(3)).isEmpty)
    }

    /// The differences between a reading and its definition.
    private func differences(_ reading: PairReading, _ expected: ReferenceReading) -> [String] {
        var names: [String] = []
        func check(_ name: String, _ isEqual: Bool) {
            if !isEqual { names.append(name) }
        }
        check("observations", reading.observations == expected.observations)
        check("carriedRatio", reading.carriedRatio == expected.carriedRatio)
        check("gapRatio", reading.gapRatio == expected.gapRatio)
        check("fit.reason", reading.fit.reason == expected.reason)
        guard expected.reason == nil, case .success(let fit) = reading.fit else {
            check("returnCorrelation.reason", reading.returnCorrelation.reason == expected.reason)
            check("returnCorrelationLower", reading.returnCorrelationLower == nil)
            check("spread.reason", reading.spread.reason == expected.reason)
            return names
        }
        let spreadScale = expected.residualStandardDeviation
        check("slope", close(fit.slope, expected.slope))
        check("intercept", close(fit.intercept, expected.intercept))
        check("slopeStandardError", close(fit.slopeStandardError, expected.slopeStandardError))
        check("rSquared", close(fit.rSquared, expected.rSquared))
        check("residualStandardDeviation", close(fit.residualStandardDeviation, spreadScale))
        check("spread", close(reading.spread.value, expected.spread, scale: spreadScale))
        check("zScore", close(reading.zScore.value, expected.zScore, scale: 1))
        check("forecastZScore", close(reading.forecastZScore.value, expected.forecastZScore, scale: 1))
        check("returnCorrelation", close(reading.returnCorrelation.value, expected.returnCorrelation))
        check("returnCorrelationLower", close(reading.returnCorrelationLower, expected.returnCorrelationLower))
        check("levelCorrelation", close(reading.levelCorrelation.value, expected.levelCorrelation))
        return names
    }

    /// Equal to nine digits, or to nine digits of a scale that the value may be small beside.
    private func close(_ value: Double?, _ expected: Double?, scale: Double = 0) -> Bool {
        guard let value, let expected else { return value == nil && expected == nil }
        return abs(value - expected) <= 1e-9 * max(abs(expected), scale)
    }
}

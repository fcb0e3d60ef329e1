import MarketData
import PairEngine
import PairStatistics
import TestSupport
import Testing

/// Why a value is absent.
@Suite struct PairReadingTests {
    @Test("A young window is warming up until enough of its slots are valid")
    func warmingUp() throws {
        let slots = market(60)
        var run = try PairRun(windows: [60])
        for (count, slot) in slots.enumerated() {
            run.close(slot)
            #expect(run.reading.observations == count + 1)
            #expect(run.reading.fillRatio == Double(count + 1) / 60)
            let reason: UndefinedReason? = count + 1 < 54 ? .warmingUp : nil
            #expect(run.reading.fit.reason == reason)
            #expect(run.reading.spread.reason == reason)
            #expect(run.reading.zScore.reason == reason)
            #expect(run.reading.returnCorrelation.reason == reason)
            #expect(run.reading.levelCorrelation.reason == reason)
            #expect((run.reading.returnCorrelationLower == nil) == (reason != nil))
            // The forecast needs a fit that ended one bar earlier.
            #expect(run.reading.forecastZScore.reason == (count + 1 < 55 ? .warmingUp : nil))
        }
    }

    @Test(
        "The share of valid slots that must be there is exact",
        arguments: [(100, 0.55, 55), (60, 0.9, 54), (7, 1, 7)]
    )
    func minimumFill(window: Int, fill: Double, needed: Int) throws {
        let slots = market(needed)
        var run = try PairRun(windows: [window], minimumFill: fill)
        run.close(Array(slots.dropLast()))
        #expect(run.reading.fit.reason == .warmingUp)
        run.close(slots[needed - 1])
        #expect(run.reading.fit.value?.observations == needed)
    }

    @Test("A leg that jumps between two prices is flat until it has enough different ones")
    func fewPrices() throws {
        var slots = market(160)
        for index in slots.indices.prefix(100) { slots[index].x = .traded(index.isMultiple(of: 2) ? 60_000 : 60_001) }
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<100]))
        #expect(run.reading.fit.reason == .flatLeg)
        #expect(run.reading.zScore.reason == .flatLeg)
        #expect(run.reading.returnCorrelation.reason == .flatLeg)
        run.close(Array(slots[100..<103]))
        #expect(run.reading.fit.reason == .flatLeg)
        run.close(slots[103])
        #expect(run.reading.fit.value != nil)
    }

    @Test("One lost bar has no values and does not affect the bars after it")
    func oneGap() throws {
        var slots = market(70)
        slots[64].x = .gap
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<65]))
        #expect(run.reading.spread.reason == .gap)
        #expect(run.reading.zScore.reason == .gap)
        #expect(run.reading.forecastZScore.reason == .gap)
        #expect(run.reading.fit.value?.observations == 59)
        #expect(run.reading.returnCorrelation.value != nil)
        #expect(run.reading.gapRatio == 1.0 / 60)
        run.close(slots[65])
        #expect(run.reading.spread.value != nil)
        #expect(run.reading.zScore.value != nil)
        #expect(run.reading.forecastZScore.value != nil)
        #expect(run.reading.observations == 59)
    }

    @Test("A slot without a bar of either leg is a lost bar, and the next one has its forecast")
    func skippedSlot() throws {
        let slots = market(70)
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<64]))
        run.close(slots[65])
        #expect(run.reading.observations == 59)
        let reference = ReferenceReading(
            Array(slots[..<64]) + [MarketSlot(slot: slots[64].slot, y: .absent, x: .absent), slots[65]],
            window: 60,
            minimumFill: 0.9,
            price: .log
        )
        let expected = try #require(reference.forecastZScore)
        #expect(abs(try run.reading.forecastZScore.get() - expected) < 1e-9)
    }

    @Test("A window that has lost too many bars has that reason until it has filled again")
    func gaps() throws {
        var slots = market(140)
        for lost in 60..<67 { slots[lost].y = .gap }
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<66]))
        #expect(run.reading.fit.value?.observations == 54)
        run.close(slots[66])
        #expect(run.reading.fit.reason == .gap)
        #expect(run.reading.zScore.reason == .gap)
        run.close(Array(slots[67..<120]))
        #expect(run.reading.fit.reason == .gap)
        run.close(slots[120])
        #expect(run.reading.fit.value?.observations == 54)
    }

    @Test("A long silence of both legs leaves an empty window, not one of old prices")
    func silence() throws {
        var slots = market(200)
        for index in 100..<200 { slots[index].slot += 10_000_000 }
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<101]))
        #expect(run.reading.observations == 1)
        #expect(run.reading.gapRatio == 0)
        #expect(run.reading.fit.reason == .stale)
        run.close(Array(slots[101..<154]))
        #expect(run.reading.fit.value?.observations == 54)
    }

    @Test("A leg without a bar is stale, and the fit stays while enough slots are valid")
    func stale() throws {
        var slots = market(80)
        for lost in 60..<80 { slots[lost].x = .absent }
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<63]))
        #expect(run.reading.zScore.reason == .stale)
        #expect(run.reading.forecastZScore.reason == .stale)
        #expect(run.reading.fit.value?.observations == 57)
        #expect(run.reading.closeTime == run.timeframe.closeTime(of: slots[62].slot))
    }

    @Test("Carried bars count as values and are reported")
    func carried() throws {
        var slots = market(60)
        for index in stride(from: 10, to: 40, by: 10) { slots[index].x = .carried(slots[index - 1].x.price ?? 0) }
        var run = try PairRun(windows: [60])
        run.close(slots)
        #expect(run.reading.carriedRatio == 3.0 / 60)
        #expect(run.reading.gapRatio == 0)
        #expect(run.reading.observations == 60)
    }

    @Test("A leg that does not move, or hardly, has no line through it", arguments: [false, true], [0, 5])
    func flatLeg(isY: Bool, changes: Int) throws {
        var slots = market(60)
        for index in slots.indices {
            let flat = Leg.traded(100 + Double(index * changes / 60))
            if isY { slots[index].y = flat } else { slots[index].x = flat }
        }
        var run = try PairRun(windows: [60])
        run.close(slots)
        #expect(run.reading.fit.reason == .flatLeg)
        #expect(run.reading.zScore.reason == .flatLeg)
        #expect(run.reading.returnCorrelation.reason == .flatLeg)
        #expect(run.reading.levelCorrelation.reason == .flatLeg)
        #expect(run.reading.returnCorrelationLower == nil)
    }

    @Test("Legs that move as one have a hedge ratio and no z-score")
    func collinear() throws {
        var slots = market(61)
        for index in slots.indices { slots[index].y = .traded(3 * (slots[index].x.price ?? 0)) }
        var run = try PairRun(windows: [60])
        run.close(slots)
        let fit = try run.reading.fit.get()
        #expect(abs(fit.slope - 1) < 1e-9)
        #expect(run.reading.zScore.reason == .collinear)
        #expect(run.reading.forecastZScore.reason == .collinear)
        #expect(try run.reading.returnCorrelation.get() > 0.999999)
    }

    @Test("A price that has no logarithm is a lost bar, not a value", arguments: [0.0, -1, .infinity, .nan])
    func badPrice(price: Double) throws {
        var slots = market(61)
        slots[60].y = .traded(price)
        var run = try PairRun(windows: [60])
        run.close(slots)
        #expect(run.reading.observations == 59)
        #expect(run.reading.zScore.reason == .gap)
    }

    @Test("A reading is stale when no bar has come for longer than closes are carried")
    func isStale() throws {
        var run = try PairRun(windows: [60])
        #expect(!run.reading.isStale(now: .init(microseconds: .max), carryLimit: 20))
        run.close(market(60))
        let close = try #require(run.reading.closeTime)
        #expect(!run.reading.isStale(now: close, carryLimit: 20))
        #expect(!run.reading.isStale(now: close + 21_000_000, carryLimit: 20))
        #expect(run.reading.isStale(now: close + 21_000_001, carryLimit: 20))
    }

    private func market(_ count: Int) -> [MarketSlot] {
        var generator = SeededRandom(seed: 42)
        return MarketSlot.random(count, using: &generator)
    }

    @Test("A revised bar leaves the windows, and the next reading is that of a window without it")
    func revision() throws {
        let slots = market(70)
        var lost = slots
        lost[65].x = .gap
        var revised = try PairRun(windows: [60])
        revised.close(Array(slots[..<69]))
        let before = revised.reading.observations
        let gap = try #require(lost[65].x.bar(1, revised.timeframe, slot: slots[65].slot))
        revised.engine.revise(gap)
        #expect(revised.reading.observations == before)
        revised.close(slots[69])
        var undisturbed = try PairRun(windows: [60])
        undisturbed.close(lost)
        #expect(revised.reading.observations == 59)
        #expect(revised.reading.gapRatio == 1.0 / 60)
        let fits = try (revised.reading.fit.get(), undisturbed.reading.fit.get())
        #expect(abs(fits.0.slope - fits.1.slope) < 1e-9)
        #expect(abs(try revised.reading.returnCorrelation.get() - undisturbed.reading.returnCorrelation.get()) < 1e-9)
        #expect(abs(try revised.reading.forecastZScore.get() - undisturbed.reading.forecastZScore.get()) < 1e-9)
    }

    @Test("A reading is stale once the bar after the last carried one has ended, not later")
    func staleness() throws {
        var slots = market(70)
        for index in 62..<66 { slots[index].x = .carried(1) }
        var run = try PairRun(windows: [60])
        run.close(Array(slots[..<66]))
        let traded = run.timeframe.closeTime(of: slots[61].slot)
        #expect(run.reading.tradedTime == traded)
        #expect(!run.reading.isStale(now: traded + 5_000_000, carryLimit: 4))
        #expect(run.reading.isStale(now: traded + 5_000_001, carryLimit: 4))
    }
}

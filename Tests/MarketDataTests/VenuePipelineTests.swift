import MarketData
import TestSupport
import Testing

@Suite struct VenuePipelineTests {
    @Test("The watermark follows the greatest trade time of any instrument and never moves back")
    func watermark() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        #expect(run.pipeline.watermark == nil)
        #expect(run.pipeline.now == nil)
        run.send(.sample(1, at: 500, of: 0))
        #expect(run.pipeline.watermark == .milliseconds(250))
        run.send(.sample(1, at: 900, of: 1), .sample(2, at: 700, of: 0))
        #expect(run.pipeline.watermark == .milliseconds(650))
        #expect(run.pipeline.now == .milliseconds(900))
    }

    @Test("A trade joins its bar while the watermark has not passed it, and is late afterwards")
    func lateness() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 5), .sample(3, at: 1249, price: 7), .sample(2, at: 999, price: 6))
        #expect(run.counts().late == 0)
        run.send(.sample(5, at: 1250, price: 8))
        #expect(run.barTexts() == ["0:traded@6"])
        run.send(.sample(4, at: 999, price: 9))
        #expect(run.counts().late == 1)
        #expect(run.output.trades.count == 5)
        run.finish(at: 3000)
        #expect(run.barTexts() == ["0:traded@6", "1:traded@8", "2:carried@8"])
    }

    @Test("A late trade still joins a longer bar that is open")
    func lateForTheShortest() throws {
        var run = PipelineRun(timeframes: [try .sample("1m"), try .sample("1s")])
        run.send(.sample(1, at: 500), .sample(2, at: 5000), .sample(3, at: 2500, price: 40))
        #expect(run.counts().late == 1)
        run.finish(at: 60_000)
        let minute = try #require(run.bars().last { $0.timeframe.label == "1m" })
        #expect(minute.prices?.trades == 3)
        #expect(minute.prices?.low == 40)
    }

    @Test("A quiet instrument's bars close by the others' trades and by the feed's clock")
    func quietInstrument() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")], carryLimit: 3)
        run.send(.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 600, price: 6, of: 1))
        run.send(.sample(2, at: 2400, price: 7, of: 1))
        #expect(run.barTexts(of: 0) == ["0:traded@5", "1:carried@5"])
        run.tick(3249)
        #expect(run.barTexts(of: 0).count == 2)
        run.tick(3250)
        #expect(run.barTexts(of: 0).count == 3)
        run.tick(60_000)
        #expect(run.barTexts(of: 0) == ["0:traded@5", "1:carried@5", "2:carried@5", "3:carried@5"])
        #expect(
            run.barTexts(of: 1) == [
                "0:traded@6", "1:carried@6", "2:traded@7", "3:carried@7", "4:carried@7", "5:carried@7",
            ]
        )
    }

    @Test("While the feed is down the watermark does not move; continuous ids then prove that nothing was traded")
    func downAndCalm() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 600, price: 6, of: 1))
        for second in 1...5 { run.tick(Int64(second) * 1000, isFlowing: false) }
        #expect(run.output.bars.isEmpty)
        #expect(run.pipeline.now == .milliseconds(5000))
        // The first trade of one instrument proves nothing about the other.
        run.send(.sample(2, at: 6000, price: 7, of: 0))
        #expect(run.barTexts(of: 0) == ["0:traded@5"] + (1...4).map { "\($0):carried@5" })
        #expect(run.barTexts(of: 1).isEmpty)
        run.tick(6900)
        #expect(run.barTexts(of: 1).isEmpty)
        run.send(.sample(2, at: 6950, price: 8, of: 1))
        #expect(run.barTexts(of: 1) == ["0:traded@6"] + (1...5).map { "\($0):carried@6" })
    }

    @Test("Ids that are missing after an outage make its bars gaps, for each instrument by itself")
    func downAndBusy() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 600, price: 6, of: 1))
        run.tick(3000, isFlowing: false)
        run.send(.sample(2, at: 4000, price: 7, of: 0), .sample(9, at: 4050, price: 8, of: 1))
        run.send(.sample(3, at: 5300, price: 7, of: 0))
        #expect(run.barTexts(of: 0) == ["0:traded@5", "1:carried@5", "2:carried@5", "3:carried@5", "4:traded@7"])
        #expect(run.barTexts(of: 1) == (0...4).map { "\($0):gap" })
        #expect(run.counts(of: 1).missing == 7)
    }

    @Test("A lost connection without ticks of the clock is an outage too")
    func interruption() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 1000, price: 5, of: 0), .sample(1, at: 1100, price: 6, of: 1))
        run.interrupt()
        run.send(.sample(2, at: 1400, price: 7, of: 0), .sample(3, at: 2600, price: 8, of: 0))
        #expect(run.barTexts(of: 0) == ["1:traded@7"])
        #expect(run.barTexts(of: 1).isEmpty)
        run.send(.sample(3, at: 2700, price: 9, of: 1))
        run.tick(3300)
        #expect(run.barTexts(of: 1) == ["1:gap", "2:gap"])
    }

    @Test("Trades fetched from the time of an outage close bars up to their own time only")
    func catchesUp() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 600, price: 6, of: 1))
        run.interrupt()
        run.send(.sample(2, at: 8000, price: 7, of: 0))
        run.send((2...8).map { .sample($0, at: $0 * 1000 - 500, price: $0 * 10, of: 1) })
        #expect(run.counts(of: 1).late == 0)
        #expect(run.barTexts(of: 1) == ["0:traded@6"] + (1...6).map { "\($0):traded@\($0 * 10 + 10)" })
        #expect(run.pipeline.watermark == .milliseconds(7250))
        run.send(.sample(9, at: 7900, of: 1))
        #expect(run.pipeline.watermark == .milliseconds(7750))
    }

    @Test("After a restart, too, an instrument's bars wait for its own next id")
    func restart() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        for instrument in 0..<2 {
            run.resume(instrument) { pipeline in
                let last = Trade.sample(7, at: 500, price: 5, of: instrument)
                pipeline.resume(last: last, openGaps: [], bars: [:])
                pipeline.rebuild(from: [last])
            }
        }
        run.send(.sample(8, at: 4000, price: 6, of: 0))
        #expect(run.barTexts(of: 0) == ["0:traded@5", "1:carried@5", "2:carried@5"])
        #expect(run.barTexts(of: 1).isEmpty)
        run.send(.sample(12, at: 4010, price: 7, of: 1))
        run.tick(4300)
        #expect(run.barTexts(of: 1) == ["0:gap", "1:gap", "2:gap", "3:gap"])
    }

    @Test("After the end of a source no bar waits, even if all its trades were known before")
    func finishAfterRestart() throws {
        let trades: [Trade] = [.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 3500, price: 6, of: 1)]
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        for trade in trades {
            run.resume(Int(trade.instrument.index)) { pipeline in
                pipeline.resume(last: trade, openGaps: [], bars: [:])
                pipeline.rebuild(from: [trade])
            }
        }
        run.send(trades)
        #expect(run.output.isEmpty)
        run.finish(at: 3500)
        #expect(run.barTexts(of: 0) == ["0:traded@5", "1:carried@5", "2:carried@5"])
        #expect(run.barTexts(of: 1).isEmpty)
    }

    @Test("The watermark waits for the instrument whose missing trades are unknown")
    func watermarkWaits() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, of: 0), .sample(1, at: 600, of: 1))
        run.interrupt()
        run.send(.sample(2, at: 9000, of: 0))
        let waiting = try #require(run.pipeline.watermark)
        #expect(waiting <= .milliseconds(600))
        run.send(.sample(2, at: 9100, of: 1))
        #expect(run.pipeline.watermark == .milliseconds(8850))
    }

    @Test("Missing ids that arrive before the close leave no gap")
    func filledInTime() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 100, price: 1), .sample(4, at: 900, price: 4))
        run.send(.sample(3, at: 800, price: 3), .sample(2, at: 700, price: 2))
        run.finish(at: 2000)
        #expect(run.barTexts() == ["0:traded@4", "1:carried@4"])
    }

    @Test("Silence before a trade out of order is no gap: the missing id has its lateness to arrive")
    func gapAfterSilence() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1), .sample(3, at: 9000, price: 3))
        #expect(run.output.bars.isEmpty)
        run.send(.sample(2, at: 8950, price: 2))
        #expect(run.barTexts() == ["0:traded@1"] + (1...7).map { "\($0):carried@1" })
        run.tick(9250)
        #expect(run.barTexts().last == "8:traded@2")
    }

    @Test("An id that stays missing makes gaps as soon as its lateness is over")
    func gapStays() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1), .sample(3, at: 3100, price: 3))
        run.tick(3349)
        #expect(run.output.bars.isEmpty)
        run.tick(3350)
        #expect(run.barTexts() == ["0:gap", "1:gap", "2:gap"])
        #expect(run.pipeline.watermark == .milliseconds(3100))
    }

    @Test("A repaired trade that arrives after the close is late, is counted, and is carried from then on")
    func repairedTooLate() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1), .sample(4, at: 1100, price: 4))
        run.tick(3350)
        run.send(.sample(2, at: 600, price: 2), .sample(3, at: 700, price: 3))
        #expect(run.counts().late == 2)
        #expect(run.counts().repaired == 2)
        #expect(run.counts().unrepaired == 0)
        run.tick(4250)
        #expect(run.barTexts() == ["0:gap", "1:gap", "2:carried@4", "3:carried@4"])
    }

    @Test("A trade discarded for its time moves nothing; its id is missing, and its bars are gaps until it arrives")
    func discardedTime() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1))
        run.send(.sample(2, at: 60_500, price: 9, discard: .time), .sample(3, at: 61_000, price: 9, discard: .time))
        #expect(run.counts().discarded[.time] == 2)
        #expect(run.counts().unrepaired == 2)
        #expect(run.pipeline.now == .milliseconds(500))
        #expect(run.output.trades.map(\.id) == [1])
        run.tick(2250)
        #expect(run.barTexts() == ["0:gap", "1:gap"])
        #expect(run.pipeline.missing.isEmpty)
        run.send(.sample(4, at: 2300, price: 3))
        #expect(run.pipeline.missing.map(\.ids) == [2...3])
        run.repair([.sample(2, at: 700, price: 2), .sample(3, at: 1700, price: 2)])
        #expect(run.counts().unrepaired == 0)
        #expect(run.output.revisedBars.map(\.slot).sorted() == [0, 1])
        #expect(run.output.revisedBars.allSatisfy { $0.state == .traded })
        #expect(run.counts().duplicates == 0)
    }

    @Test("An id that is as far ahead as its trade's time is not accepted")
    func absurdRecord() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1))
        run.send(.sample(1_000_000, at: 90_000_000, discard: .time))
        #expect(run.counts().missing == 0)
        run.send(.sample(2, at: 600, price: 2))
        #expect(run.counts().trades == 2)
    }

    @Test("A trade ahead of the venue's present joins its bar and moves the watermark to the present only")
    func aheadOfPresent() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1))
        run.send([.sample(2, at: 9_500, price: 9)], present: .milliseconds(1_300))
        #expect(run.pipeline.now == .milliseconds(1_300))
        #expect(run.barTexts() == ["0:traded@1"])
        run.send(.sample(3, at: 1_400, price: 3))
        #expect(run.counts().late == 0)
    }

    @Test("A finished source closes bars up to its greatest trade time and none beyond", arguments: [0, 250, 5000])
    func finish(lateness: Int64) throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")], latenessMilliseconds: lateness)
        run.send(.sample(1, at: 500, price: 1, of: 0), .sample(1, at: 600, price: 6, of: 1))
        run.send(.sample(2, at: 3200, price: 2, of: 0))
        run.finish(at: 3200)
        #expect(run.barTexts(of: 0) == ["0:traded@1", "1:carried@1", "2:carried@1"])
        #expect(run.barTexts(of: 1) == ["0:traded@6", "1:carried@6", "2:carried@6"])
        run.finish(at: 3200)
        #expect(run.output.bars.count == 6)
    }

    @Test("A trade on the last boundary closes the bar before it")
    func finishOnBoundary() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500), .sample(2, at: 2000))
        run.finish(at: 2000)
        #expect(run.bars().map(\.slot) == [0, 1])
    }

    @Test("Trades of an instrument that is not of this feed are ignored", arguments: [-1, 2, 1000])
    func foreignInstrument(index: Int) throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, of: index))
        #expect(run.output.isEmpty)
        #expect(run.pipeline.now == nil)
        #expect(run.pipeline.watermark == nil)
    }

    @Test("Timeframes that do not divide each other close on their own boundaries")
    func timeframes() throws {
        let frames = try ["7s", "2s", "3s"].map { try Timeframe.sample($0) }
        var run = PipelineRun(timeframes: frames, latenessMilliseconds: 0)
        run.send((0...420).map { .sample($0, at: $0 * 100) })
        for frame in frames {
            let bars = run.bars().filter { $0.timeframe == frame }
            let length = frame.microseconds / 1_000_000
            #expect(bars.map(\.slot) == Array(0..<(42 / length)))
            #expect(bars.allSatisfy { $0.prices?.trades == Int(length) * 10 })
        }
    }

    @Test("Bars that closed in a silence are gaps once an id shows that trades were missed in it")
    func revision() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1), .sample(2, at: 1200, price: 2))
        run.tick(4500)
        #expect(run.barTexts() == ["0:traded@1", "1:traded@2", "2:carried@2", "3:carried@2"])
        #expect(run.output.revisedBars.isEmpty)
        run.send(.sample(9, at: 5100, price: 3))
        run.send(.sample(10, at: 6500, price: 4))
        #expect(run.output.revisedBars.map(\.slot) == [1, 2, 3])
        #expect(run.output.revisedBars.allSatisfy { $0.state == .gap && $0.prices == nil })
        #expect(run.barTexts().dropFirst(4) == ["4:gap", "5:gap"])
    }

    @Test("An id out of order that arrives in time revises nothing")
    func noRevision() throws {
        var run = PipelineRun(timeframes: [try .sample("1s")])
        run.send(.sample(1, at: 500, price: 1))
        run.tick(3500)
        run.send(.sample(3, at: 4100, price: 3), .sample(2, at: 4090, price: 2), .sample(4, at: 6500, price: 4))
        #expect(run.output.revisedBars.isEmpty)
        #expect(run.counts().unrepaired == 0)
    }

    @Test("An instrument is added and removed while the bars of the others close as they would without it")
    func addedAndRemoved() throws {
        var run = PipelineRun(instruments: 2, timeframes: [try .sample("1s")])
        run.remove(0)
        run.send(.sample(1, at: 500, price: 5, of: 0), .sample(1, at: 600, price: 6, of: 1))
        run.add(7)
        run.send(.sample(90, at: 1200, price: 4, of: 7), .sample(2, at: 2400, price: 7, of: 1))
        #expect(run.bars(of: 0).isEmpty && run.output.trades.map(\.instrument.index) == [1, 7, 1])
        #expect(run.barTexts(of: 1) == ["0:traded@6", "1:carried@6"])
        #expect(run.barTexts(of: 7) == ["1:traded@4"])
        run.remove(1)
        run.send(.sample(91, at: 3600, price: 3, of: 7), .sample(3, at: 3700, price: 8, of: 1))
        #expect(run.barTexts(of: 7) == ["1:traded@4", "2:carried@4"])
        #expect(run.barTexts(of: 1).count == 2 && run.pipeline.instruments == [InstrumentID(7)])
    }

    @Test("An added instrument is behind the others until its own trades have arrived; they do not wait for it")
    func addedLater() throws {
        let second: Timeframe = try .sample("1s")
        var run = PipelineRun(timeframes: [second])
        run.send(.sample(1, at: 10_500, price: 5, of: 0))
        run.add(3) { added in
            added.resume(last: .sample(40, at: 2500, price: 9, of: 3), openGaps: [], bars: [:])
            added.rebuild(from: [.sample(40, at: 2500, price: 9, of: 3)])
        }
        run.send(.sample(2, at: 12_500, price: 6, of: 0))
        #expect(run.barTexts(of: 0) == ["10:traded@5", "11:carried@5"])
        var watermarks: [Int32: Timestamp] = [:]
        run.pipeline.forEachWatermark { watermarks[$0.index] = $1 }
        #expect(watermarks[0] == .milliseconds(12_250))
        #expect(try #require(watermarks[3]) < .milliseconds(3000))
        run.send(.sample(41, at: 12_600, price: 8, of: 3))
        run.pipeline.forEachWatermark { watermarks[$0.index] = $1 }
        #expect(watermarks[3] == .milliseconds(12_350))
        #expect(run.barTexts(of: 3).last == "11:carried@9")
    }
}

import Foundation
import MarketData
import Synchronization
import Testing
import TradeFeeds
import TradeStore
import VenueSimulator

@testable import PairsApp

/// Whatever a venue does, in the end every id is on disk once, bars are those of an undisturbed run, the metrics show
/// what happened, and `/-/flowing` is not answered with 200 while a stream is silent.
@Suite struct MisbehaviourTests {
    @Test("every id is stored once and every bar is complete, though the venue", arguments: Misbehaviour.all)
    func misbehaviour(_ misbehaviour: Misbehaviour) async throws {
        let market = try MisbehavingMarket(trades: misbehaviour.trades)
        defer { market.remove() }
        try await market.storeFirstTrades()
        let isOpen = Mutex(misbehaviour.gate == nil)
        let gate = [VenueStep.until { isOpen.withLock { $0 } }]
        let asked = Mutex((missing: 0, newest: 0))
        let venue = try await VenueSimulator.start(market.recording) { number in
            number == 0
                ? .serve((misbehaviour.gate == .first ? gate : []) + misbehaviour.first)
                : .serve((misbehaviour.gate == .later ? gate : []) + misbehaviour.later)
        } rest: { _, target in
            if target.hasSuffix("/time"), let shift = misbehaviour.clockShift { return .time(offset: shift) }
            guard target.contains("/aggTrades") else { return .answer }
            return asked.withLock { asked in
                if target.contains("fromId") {
                    defer { asked.missing += 1 }
                    return misbehaviour.rest(asked.missing)
                }
                defer { asked.newest += 1 }
                return misbehaviour.newest(asked.newest)
            }
        }
        var configuration = try market.configuration(venue, idleTimeout: misbehaviour.idleTimeout)
        configuration.feeds[0].connectionLifetime = misbehaviour.connectionLifetime
        try await RunningProgram.with(configuration) { program in
            if let gate = misbehaviour.gate {
                if gate == .later {
                    let frames = #"pairs_feed_frames_total{venue="binance-usdm"}"#
                    try await program.wait(for: frames) { $0 >= misbehaviour.firstFrames }
                }
                try await program.wait(forFlow: { $0.status == 503 && $0.body.contains(misbehaviour.silence) })
                isOpen.withLock { $0 = true }
            }
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == Double(misbehaviour.trades - 2) }
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                let labels = #"{venue="binance-usdm",symbol="\#(symbol)"}"#
                try await program.wait(for: "pairs_trades_unrepaired\(labels)") { $0 == 0 }
            }
            for (sample, least) in misbehaviour.counts {
                try await program.wait(for: sample) { $0 >= least }
            }
            try await program.wait(for: market.lastBarSample) { $0 >= market.lastOpenTime }
        }
        await venue.stop()
        try await market.expectComplete()
    }

    @Test("ids that the venue never sends give gap bars, an open gap and a gauge")
    func neverTold() async throws {
        let market = try MisbehavingMarket(trades: 600)
        defer { market.remove() }
        let venue = try await VenueSimulator.start(market.recording) { _ in
            .serve([.frames(100), .skip(200), .frames()])
        } rest: { _, _ in
            .refuse(status: 500)
        }
        try await RunningProgram.with(try market.configuration(venue)) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 400 }
            try await program.wait(for: market.lastBarSample) { $0 >= market.lastOpenTime }
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                let labels = #"{venue="binance-usdm",symbol="\#(symbol)"}"#
                #expect(try await program.value("pairs_trades_unrepaired\(labels)") == 100)
            }
        }
        await venue.stop()
        let store = try await market.store()
        for id in store.streams.ids {
            #expect(try await store.openGaps(of: id).map(\.gap.firstID) == [51])
            #expect(try await store.openGaps(of: id).map(\.gap.lastID) == [150])
            let bars = try await store.bars(of: id, timeframe: market.second, slots: market.firstSlot...Int64.max)
            let gaps = bars.filter { $0.state == .gap }.map { $0.slot - market.firstSlot }
            #expect(gaps == Array(9...30))
        }
        try await store.close()
    }

    @Test("a start fetches the missing trades of the run before and those between the runs")
    func restart() async throws {
        let market = try MisbehavingMarket(trades: 600)
        defer { market.remove() }
        let before = try await VenueSimulator.start(market.recording) { _ in
            .serve([.frames(100), .skip(100), .frames(200)])
        } rest: { _, _ in
            .refuse(status: 500)
        }
        try await RunningProgram.with(try market.configuration(before)) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 300 }
        }
        await before.stop()
        let venue = try await VenueSimulator.start(market.recording) { _ in .serve([.skip(500), .frames()]) }
        try await RunningProgram.with(try market.configuration(venue)) { program in
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 300 }
            try await program.wait(for: market.lastBarSample) { $0 >= market.lastOpenTime }
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                let labels = #"{venue="binance-usdm",symbol="\#(symbol)"}"#
                try await program.wait(for: "pairs_trades_missing_total\(labels)") { $0 > 0 }
                try await program.wait(for: "pairs_trades_unrepaired\(labels)") { $0 == 0 }
            }
        }
        await venue.stop()
        try await market.expectComplete()
    }

    @Test("ids from before the horizon stay an open gap and are not requested, and those within it are fetched")
    func horizon() async throws {
        let market = try MisbehavingMarket(trades: 600)
        defer { market.remove() }
        try await market.storeFirstTrades()
        let venue = try await VenueSimulator.start(market.recording) { _ in .serve([.skip(400), .frames()]) }
        let repaired = try await RunningProgram.with(try market.configuration(venue, repairHorizon: "40s")) { program in
            try await program.wait(for: market.lastBarSample) { $0 >= market.lastOpenTime }
            let labels = #"{venue="binance-usdm",symbol="BTCUSDT"}"#
            try await program.wait(for: "pairs_trades_repaired_total\(labels)") { $0 > 0 }
            let repaired = try #require(try await program.value("pairs_trades_repaired_total\(labels)"))
            try await program.wait(for: "pairs_trades_unrepaired\(labels)") { $0 == 0 }
            return Int64(repaired)
        }
        await venue.stop()
        let store = try await market.store()
        let bitcoin = InstrumentID(1)
        // Id 1 is on disk since the run before, and the venue sends id 201 first.
        #expect(repaired < 199)
        #expect(
            try await store.openGaps(of: bitcoin).map { $0.gap.firstID...$0.gap.lastID } == [2...(200 - repaired)]
        )
        let ids = try await store.trades(of: bitcoin, from: Timestamp(microseconds: 0)).map(\.id)
        #expect(ids == [1] + Array((201 - repaired)...300))
        try await store.close()
    }

    @Test("single trades are repaired as far as the venue has them, and the others become unrepairable")
    func singleTrades() async throws {
        let market = try MisbehavingMarket(trades: 6000, stream: .trade)
        defer { market.remove() }
        let venue = try await VenueSimulator.start(market.recording) { _ in
            .serve([.frames(100), .skip(4000), .frames()])
        }
        try await RunningProgram.with(try market.configuration(venue)) { program in
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                let labels = #"{venue="binance-usdm",symbol="\#(symbol)"}"#
                try await program.wait(for: "pairs_trades_repaired_total\(labels)") { $0 == 50 }
                try await program.wait(for: "pairs_trades_missing_total\(labels)") { $0 > 0 }
                try await program.wait(for: "pairs_trades_unrepaired\(labels)") { $0 == 0 }
            }
            try await program.wait(for: "pairs_store_trades_written_total") { $0 == 2100 }
        }
        await venue.stop()
        let store = try await market.store()
        for id in store.streams.ids {
            // The venue returns the last 1,000 of 3,000.
            let gaps = try await store.unrepairableGaps(of: id)
            #expect(gaps.map { $0.gap.firstID...$0.gap.lastID } == [51...2000])
            #expect(try await store.openGaps(of: id).isEmpty)
        }
        try await store.close()
    }

    @Test("the venue's clock is measured, and delays are measured by it")
    func clock() async throws {
        let market = try MisbehavingMarket(trades: 600)
        defer { market.remove() }
        let venue = try await VenueSimulator.start(market.recording) { _ in
            .serve([.frames()])
        } rest: { _, _ in
            .time(offset: 3_600_000)
        }
        try await RunningProgram.with(try market.configuration(venue)) { program in
            try await program.wait(for: #"pairs_feed_clock_offset_seconds{venue="binance-usdm"}"#) {
                abs($0 - 3600) < 60
            }
            #expect(try await program.value(#"pairs_feed_negative_delays_total{venue="binance-usdm"}"#) == 0)
        }
        await venue.stop()
    }

    @Test("windows of a minute and longer are warm from the venue's candles before their first bar closes")
    func warmUp() async throws {
        let market = try MisbehavingMarket(trades: 40_000)
        defer { market.remove() }
        let venue = try await VenueSimulator.start(market.recording) { _ in .serve([.skip(39_998), .frames()]) }
        let configuration = try market.configuration(venue, timeframes: "[1m]")
        try await RunningProgram.with(configuration) { program in
            try await program.wait(for: #"pairs_window_fill_ratio{pair="p",timeframe="1m",window="20"}"#) { $0 == 1 }
            try await program.wait(for: #"pairs_hedge_ratio{pair="p",timeframe="1m",window="20"}"#) { $0.isFinite }
        }
        await venue.stop()
        let store = try await market.store()
        let bars = try await store.bars(of: InstrumentID(0), timeframe: try #require(Timeframe("1m")), last: 20)
        #expect(bars.count == 20)
        #expect(bars.allSatisfy { $0.origin == .klines })
        try await store.close()
    }
}

import ExporterHTTP
import MarketData
import PairEngine
import Testing
import TradeFeeds

@testable import PairsApp

@Suite struct ReadinessCheckTests {
    private static let configuration = try? Configuration(
        yaml: """
            timeframes: [1s]
            windows: [10]
            pairs:
              - {y: "binance-usdm:ETHUSDT", x: "binance-usdm:BTCUSDT"}
            """,
        file: "test"
    )

    private let streams = StreamTable(
        ["ETHUSDT", "BTCUSDT"].map {
            TradeStream(instrument: Instrument(venue: .binanceUSDM, symbol: $0), name: "aggTrade")
        }
    )

    private func engine(isWarm: Bool) throws -> PairEngine {
        let second = try #require(Timeframe("1s"))
        var engine = PairEngine(
            definitions: [
                PairDefinition(name: "p", y: InstrumentID(0), x: InstrumentID(1), timeframes: [second], windows: [10])
            ],
            settings: EngineSettings()
        )
        guard isWarm else { return engine }
        var bars: [Bar] = []
        for slot in 0..<10 {
            for (leg, close) in [100 + slot * 7 % 11, 50 + slot * 3 % 5].enumerated() {
                bars.append(
                    Bar(
                        instrument: InstrumentID(leg),
                        timeframe: second,
                        slot: Int64(slot),
                        state: .traded,
                        prices: .carried(Double(close))
                    )
                )
            }
        }
        engine.warm(with: bars)
        return engine
    }

    private func latestSnapshot(isWarm: Bool, _ feed: FeedSnapshot, isStreamUp: [Bool]) throws -> LatestSnapshot {
        let latestSnapshot = LatestSnapshot()
        let readings = try engine(isWarm: isWarm).readings
        var instruments = InstrumentMap<InstrumentStatus>()
        for (id, isUp) in zip(streams.ids, isStreamUp) { instruments[id] = InstrumentStatus(isUp: isUp) }
        latestSnapshot.publish(MarketSnapshot(readings: readings, instruments: instruments, feeds: [feed]))
        return latestSnapshot
    }

    private func readiness(
        isWarm: Bool,
        isStreamUp: [Bool] = [true, true],
        pending: Set<Int> = [],
        age: Duration = .zero
    ) throws -> Readiness {
        ReadinessCheck(
            configuration: try #require(Self.configuration),
            streams: streams,
            history: HistoryProgress(feeds: pending, start: .now - age),
            latestSnapshot: try latestSnapshot(isWarm: isWarm, FeedSnapshot(), isStreamUp: isStreamUp)
        ).readiness
    }

    private func flow(
        _ isStreamUp: [Bool],
        ratio: Double = 1,
        _ change: (inout FeedSnapshot) -> Void = { _ in }
    ) throws -> Readiness {
        var feed = FeedSnapshot()
        feed.state = .flowing
        change(&feed)
        return FlowCheck(
            instruments: [streams.ids],
            streams: streams,
            minimumRatio: ratio,
            latestSnapshot: try latestSnapshot(isWarm: false, feed, isStreamUp: isStreamUp)
        ).flow
    }

    @Test("Ready when a window is warm, whether or not data arrives", arguments: [[true, true], [false, false]])
    func ready(isStreamUp: [Bool]) throws {
        #expect(try readiness(isWarm: true, isStreamUp: isStreamUp) == .ready)
    }

    @Test("Not ready while no window is warm")
    func cold() throws {
        let reasons = ["no pair has a reading: warming up; the fullest window has 0 % of its bars"]
        #expect(try readiness(isWarm: false) == .notReady(reasons: reasons))
        #expect(try readiness(isWarm: false, age: .seconds(3600)) == .notReady(reasons: reasons))
    }

    @Test("Not ready while the past is fetched")
    func history() throws {
        let reasons = ["feed binance-usdm: the past of its windows is being fetched"]
        #expect(try readiness(isWarm: true, pending: [0]) == .notReady(reasons: reasons))
    }

    @Test("Ready after a while where no window can fill", arguments: [[false, true], [true, false], [false, false]])
    func silent(isStreamUp: [Bool]) throws {
        #expect(try readiness(isWarm: false, isStreamUp: isStreamUp) != .ready)
        #expect(try readiness(isWarm: false, isStreamUp: isStreamUp, age: .seconds(60)) == .ready)
    }

    @Test("Data flows while the share of streams is reached; beyond it the silent ones are named")
    func ratio() throws {
        #expect(try flow([true, true]) == .ready)
        #expect(try flow([true, false], ratio: 0.5) == .ready)
        #expect(try flow([false, false], ratio: 0) == .ready)
        let silent = "binance-usdm:BTCUSDT: no data on the present connection"
        #expect(
            try flow([true, false])
                == .notReady(reasons: ["1 of 2 streams flow; min_flowing_ratio is 1.0", silent])
        )
    }

    @Test("The reason of a silence is named", arguments: FeedState.allCases.filter { $0 != .flowing })
    func reason(state: FeedState) throws {
        let answer = try flow([false, true]) { $0.state = state }
        guard case .notReady(let reasons) = answer else {
            Issue.record("flows while \(state)")
            return
        }
        #expect(reasons.last == "binance-usdm:ETHUSDT: the feed is \(state.rawValue)")
        #expect(
            try flow([false, true]) { $0.deadStreams = [InstrumentID(0)] }
                == .notReady(reasons: [reasons[0], "binance-usdm:ETHUSDT: it does not bring what the venue has"])
        )
    }

    @Test("A file that has been read to its end flows")
    func ended() throws {
        let answer = try flow([false, false]) { feed in
            feed.state = .stopped
            feed.hasEnded = true
            feed.now = Timestamp(microseconds: 1)
        }
        #expect(answer == .ready)
    }

    @Test("No more than 20 silent streams are named")
    func bounded() {
        let many = StreamTable(
            (0..<100).map { TradeStream(instrument: Instrument(venue: .okx, symbol: "S\($0)"), name: "trades-all") }
        )
        let latestSnapshot = LatestSnapshot()
        latestSnapshot.publish(MarketSnapshot(feeds: [FeedSnapshot()]))
        let check = FlowCheck(
            instruments: [many.ids],
            streams: many,
            minimumRatio: 1,
            latestSnapshot: latestSnapshot
        )
        let flow = check.flow
        guard case .notReady(let reasons) = flow else {
            Issue.record("flows without data")
            return
        }
        #expect(reasons.count == 22 && reasons.last == "80 other streams are silent")
    }
}

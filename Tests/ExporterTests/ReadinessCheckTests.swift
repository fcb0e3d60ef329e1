import ExporterHTTP
import MarketData
import PairEngine
import Testing
import TradeFeeds

@testable import Exporter

@Suite struct ReadinessCheckTests {
    private func readiness(state: FeedState, hasEnded: Bool = false, isWarm: Bool) throws -> Readiness {
        let second = try #require(Timeframe("1s"))
        var engine = PairEngine(
            definitions: [
                PairDefinition(name: "p", y: InstrumentID(0), x: InstrumentID(1), timeframes: [second], windows: [10])
            ],
            settings: EngineSettings()
        )
        if isWarm {
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
        }
        let board = SnapshotBoard()
        var feed = FeedSnapshot()
        feed.state = state
        feed.hasEnded = hasEnded
        feed.now = Timestamp(microseconds: 1)
        board.publish(MarketSnapshot(readings: engine.readings, feeds: [feed]))
        let staleness = StalenessRule(
            definitions: engine.definitions,
            feedOfInstrument: [0, 0],
            isLive: [true],
            carryLimit: 20
        )
        return ReadinessCheck(venues: ["v"], staleness: staleness, board: board).readiness
    }

    @Test("Ready when the feed flows and a window is warm, or when a file has ended")
    func ready() throws {
        #expect(try readiness(state: .flowing, isWarm: true) == .ready)
        #expect(try readiness(state: .stopped, hasEnded: true, isWarm: true) == .ready)
    }

    @Test("Not ready while the feed does not flow", arguments: FeedState.allCases.filter { $0 != .flowing })
    func feedDown(state: FeedState) throws {
        guard case .notReady(let reasons) = try readiness(state: state, isWarm: true) else {
            Issue.record("ready while \(state)")
            return
        }
        #expect(reasons.count == 1 && reasons[0].contains(state.rawValue))
    }

    @Test("Not ready while no window is warm")
    func cold() throws {
        guard case .notReady(let reasons) = try readiness(state: .flowing, isWarm: false) else {
            Issue.record("ready while cold")
            return
        }
        #expect(reasons == ["no pair has a reading: warming up; the fullest window has 0 % of its bars"])
    }
}

import Logging
import MarketData
import TestSupport
import Testing
import TradeFeeds

@testable import PairsApp

@Suite struct CandleFetchTests {
    private let minute: Timeframe
    private let y = InstrumentID(0)
    private let x = InstrumentID(1)

    init() throws {
        minute = try .sample("1m")
    }

    private func fetch(_ feed: CandleFeed, logger: Logger? = nil) async throws -> [[Bar]] {
        var fetch = CandleFetch(feed: feed, logger: logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        fetch.pause = .milliseconds(1)
        var taken: [[Bar]] = []
        try await fetch.run(
            [
                .init(instrument: y, timeframe: minute, count: 100),
                .init(instrument: x, timeframe: minute, count: 60),
            ]
        ) { instrument, bars in
            #expect(bars.allSatisfy { $0.instrument == instrument })
            taken.append(bars)
        }
        return taken
    }

    private func all(_ instrument: InstrumentID, _ count: Int64) -> [Bar] {
        CandleFeed.bars(of: instrument, minute, (CandleFeed.present - count)..<CandleFeed.present)
    }

    @Test("each instrument's candles are requested once and delivered as soon as they arrive")
    func complete() async throws {
        let feed = CandleFeed()
        #expect(try await fetch(feed) == [all(y, 100), all(x, 60)])
        #expect(feed.requests.map(\.count) == [100, 60])
    }

    @Test("after a failure only the rest is requested, and the candles are delivered in order")
    func rest() async throws {
        let log = CapturedLog()
        let feed = CandleFeed([.newest(30), .newest(0), .newest(20)])
        #expect(try await fetch(feed, logger: log.logger) == [all(y, 100), all(x, 60)])
        let end = CandleFeed.present
        #expect(
            feed.requests == [
                .init(instrument: y, count: 100, slot: nil), .init(instrument: y, count: 70, slot: end - 30),
                .init(instrument: y, count: 70, slot: end - 30), .init(instrument: y, count: 50, slot: end - 50),
                .init(instrument: x, count: 60, slot: nil),
            ]
        )
        #expect(log.text.contains("could not be fetched"))
    }

    @Test("requests to a venue that does not answer end, and the candles that have arrived are delivered")
    func silence() async throws {
        let feed = CandleFeed([.newest(30)] + Array(repeating: .newest(0), count: 100))
        #expect(try await fetch(feed) == [all(y, 30)])
        #expect(feed.requests.count == CandleFetch.attempts)
    }

    @Test("an instrument that the venue refuses does not delay the others")
    func refusal() async throws {
        let feed = CandleFeed([.newest(0, isRefused: true)])
        #expect(try await fetch(feed) == [all(x, 60)])
        #expect(feed.requests.count == 2)
    }

    @Test("for an instrument without candles nothing is delivered")
    func empty() async throws {
        #expect(try await fetch(CandleFeed([.none])) == [all(x, 60)])
    }
}

import Foundation
import MarketData
import NIOCore
import NIOPosix
import Testing
import TradeFeeds

@testable import VenueSimulator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite struct VenueSimulatorTests {
    private let rest = VenueREST(recording: VenueRecording(trades: Fixtures.trades(3000), event: .aggTrade))

    private func items(_ target: String) throws -> [Any] {
        let answer = rest.answer(target)
        #expect(answer.status == 200)
        return try #require(JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [Any])
    }

    private func ids(_ target: String, _ key: String) throws -> [Int] {
        try items(target).compactMap { ($0 as? [String: Any])?[key] as? Int }
    }

    @Test("aggregate trades are served by id, by time, or the latest")
    func aggregateTrades() throws {
        let path = "/fapi/v1/aggTrades?symbol=BTCUSDT"
        #expect(try ids(path + "&fromId=100&limit=5", "a") == Array(100..<105))
        #expect(try ids(path + "&fromId=1", "a") == Array(1...500))
        #expect(try ids(path + "&fromId=1&limit=5000", "a") == Array(1...1000))
        #expect(try ids(path + "&limit=2", "a") == [1499, 1500])
        #expect(try ids(path + "&startTime=1723161600000&endTime=1723161600040", "a") == [1, 2, 3])
        #expect(rest.answer(path + "&fromId=1&startTime=1").status == 400)
        #expect(rest.answer(path).weight == 20)
    }

    @Test("recent trades, klines and the time agree with the recording")
    func otherRequests() throws {
        #expect(try ids("/fapi/v1/trades?symbol=ETHUSDT&limit=3", "id") == [1498, 1499, 1500])
        let klines = try items("/fapi/v1/klines?symbol=BTCUSDT&interval=1s&limit=10").compactMap { $0 as? [Any] }
        #expect(klines.count == 10)
        #expect(klines.allSatisfy { $0.count == 12 && $0[8] as? Int == 50 })
        #expect(klines.last?[0] as? Int == 1_723_161_629_000)
        #expect(klines.last?[6] as? Int == 1_723_161_629_999)
        #expect(rest.answer("/fapi/v1/time").body == #"{"serverTime":1723161629990}"#)
        #expect(rest.answer("/fapi/v1/klines?symbol=BTCUSDT&interval=x").status == 400)
        #expect(rest.answer("/fapi/v1/trades?symbol=NONE").status == 400)
        #expect(rest.answer("/fapi/v1/other").status == 404)
    }

    @Test("a client without a request does not prevent the stop")
    func silentClient() async throws {
        let venue = try await VenueSimulator.start(VenueRecording(trades: Fixtures.trades(1), event: .aggTrade))
        let silent = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: venue.port)
            .get()
        // Connections are accepted in order: once this one is answered, the silent one is accepted.
        let url = try #require(URL(string: venue.restURL + "/fapi/v1/time"))
        _ = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 600))
        await venue.stop()
        try await silent.closeFuture.get()
    }

    @Test("REST responses contain the used weight")
    func http() async throws {
        let venue = try await VenueSimulator.start(VenueRecording(trades: Fixtures.trades(10), event: .aggTrade))
        for used in [20, 40] {
            let url = try #require(URL(string: venue.restURL + "/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1"))
            let (data, response) = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 600))
            let answer = try #require(response as? HTTPURLResponse)
            #expect(answer.statusCode == 200)
            #expect(answer.value(forHTTPHeaderField: "X-MBX-USED-WEIGHT-1M") == "\(used)")
            #expect(String(decoding: data, as: UTF8.self).contains(#""a":5"#))
        }
        await venue.stop()
        #expect(venue.log.restRequests.count == 2)
    }

    @Test("subscription requests are acknowledged and determine the sent streams")
    func subscriptions() async throws {
        let venue = try await VenueSimulator.start(VenueRecording(trades: Fixtures.trades(10), event: .aggTrade)) { _ in
            .serve([.requests(3), .frames()])
        }
        let client = RequestingClient()
        let subscribe = #"{"method":"SUBSCRIBE","params":["btcusdt@aggTrade","ethusdt@aggTrade"],"id":7}"#
        let unsubscribe = #"{"method":"UNSUBSCRIBE","params":["ethusdt@aggTrade"],"id":8}"#
        try await client.run(
            url: venue.webSocketURL + "/market/stream",
            sending: [subscribe, unsubscribe, #"{"method":"OTHER"}"#],
            until: 8
        )
        await venue.stop()
        #expect(client.messages.prefix(2) == [#"{"result":null,"id":7}"#, #"{"result":null,"id":8}"#])
        #expect(client.messages[2].contains("Invalid request"))
        #expect(client.messages.dropFirst(3).allSatisfy { $0.contains("btcusdt@aggTrade") })
        #expect(client.messages.count == 8)
        #expect(venue.log.requests.count == 3)
    }
}

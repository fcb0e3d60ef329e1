import ExporterHTTP
import MarketData
import PairEngine
import Testing

@testable import PairsApp

@Suite struct ProbeRequestTests {
    private static func configuration() throws -> Configuration {
        try Configuration(
            yaml: """
                feeds: [{venue: simulated}]
                timeframes: [1s, 1m]
                windows: [60]
                pairs: [{y: "simulated:ETHUSDT", x: "simulated:BTCUSDT"}]
                """,
            file: "test.yml"
        )
    }

    private static func request(_ text: String) throws -> ProbeRequest {
        let query = text.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(sides[0]), value: sides.count > 1 ? String(sides[1]) : "")
        }
        return try ProbeRequest(EndpointRequest(query: query), configuration())
    }

    @Test("a pair of the configuration keeps its timeframes and windows unless others are requested")
    func configured() throws {
        let whole = try Self.request("pair=ETHUSDT-BTCUSDT").pair
        #expect(whole.settings.timeframes.map(\.label) == ["1s", "1m"])
        #expect(whole.settings.windows == [60])
        let one = try Self.request("pair=ETHUSDT-BTCUSDT&timeframe=5m&window=100&price=level&debug=true")
        #expect(one.pair.settings.timeframes.map(\.label) == ["5m"])
        #expect(one.pair.settings.windows == [100])
        #expect(one.pair.settings.price == .level)
        #expect(one.isDebugging)
    }

    @Test("any two instruments make a pair")
    func anyPair() throws {
        let pair = try Self.request("y=okx:SOL-USDT&x=coinbase:BTC-USD&timeframe=1m&window=500").pair
        #expect(pair.name == "SOL-USDT-BTC-USD")
        #expect(pair.y.description == "okx:SOL-USDT")
        #expect(pair.x.description == "coinbase:BTC-USD")
        #expect(pair.settings.windows == [500])
    }

    @Test(
        "an impossible request is refused with a reason",
        arguments: [
            ("", "give pair=NAME, or y=VENUE:SYMBOL and x=VENUE:SYMBOL"), ("y=a:B", "give pair=NAME"),
            ("pair=ETHUSDT-BTCUSD", "did you mean ETHUSDT-BTCUSDT?"),
            ("pair=q", "no pair is called \"q\". The pairs are ETHUSDT-BTCUSDT"),
            ("pair=a&y=b:C&x=d:E", "either pair, or y and x"),
            ("y=B&x=a:C", "y must be VENUE:SYMBOL"), ("y=a:B&x=a:B", "a pair needs two instruments"),
            ("pair=ETHUSDT-BTCUSDT&window=9", "from 10 to 10000"),
            ("pair=ETHUSDT-BTCUSDT&window=1e3", "found \"1e3\""),
            ("pair=ETHUSDT-BTCUSDT&window=10001", "found \"10001\""),
            ("pair=ETHUSDT-BTCUSDT&timeframe=1y", "timeframe must be a bar length"),
            ("pair=ETHUSDT-BTCUSDT&price=ln", "price must be log or level"),
            ("pair=ETHUSDT-BTCUSDT&debug=1", "debug must be true or false"),
            ("pair=ETHUSDT-BTCUSDT&windw=60", "did you mean window? Known are"),
            ("pair=ETHUSDT-BTCUSDT&colour=red", "unknown parameter colour. Known are"),
            ("pair=ETHUSDT-BTCUSDT&window=60&window=70", "given 2 times"),
            ("y=a:B\u{0}&x=a:C", "parameter y holds the control character U+0000"),
        ]
    )
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: EndpointError.self) { try Self.request(text) }
        #expect(error.status == 400)
        #expect(error.description.contains(reason))
    }
}

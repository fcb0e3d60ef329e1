import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles

@Suite struct ReplayFileTests {
    private func inspect(_ text: String) async throws -> ReplayFile {
        try await TemporaryFolder.withFile(Fixtures.table(text).utf8) { try ReplayFile.inspect($0, frames: .binance) }
    }

    @Test(
        "frames name their stream, with or without a receive time",
        arguments: ["", "1723161255088176367 ", "1619560806.12: "]
    )
    func frames(prefix: String) async throws {
        let lines = [
            #"{"stream":"b@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT"}}"#,
            #"{"e":"trade","T":2000,"s":"ETHUSDT","t":7,"p":"1","q":"1","m":false}"#,
            #"{"stream":"b@trade","data":{"e":"trade","T":1000,"s":"BTCUSDT","t":9,"p":"1","q":"1","m":true,"X":"MARKET"}}"#,
            #"{"e":"aggTrade","T":9000,"s":"XRPUSDT","a":7,"p":"1","q":"1","m":false}"#,
        ]
        let file = try await inspect(lines.map { prefix + $0 }.joined(separator: "\n"))
        #expect(file.symbols == ["ETHUSDT", "BTCUSDT"])
        #expect(file.streamName == "trade")
        #expect(file.trades == 2)
        #expect(file.firstTime == Timestamp(microseconds: 1_000_000))
        #expect(file.lastTime == Timestamp(microseconds: 2_000_000))
        #expect(file.streams.map(\.description) == ["replay:ETHUSDT@trade", "replay:BTCUSDT@trade"])
    }

    @Test("a CSV with ids has the stream `trade`, one without ids a stream named after its content")
    func streamNames() async throws {
        let withIDs = try await inspect("ts_ms,symbol,trade_id,price,qty\n1,A,5,1,1\n")
        #expect(withIDs.streamName == "trade")
        let rows = "ts_ms,symbol,price,qty\n1,A,1,1\n2,B,1,1\n"
        let without = try await inspect(rows)
        #expect(without.streamName.hasPrefix("file-") && without.streamName.count == 21)
        #expect(try await inspect(rows).streamName == without.streamName)
        #expect(try await inspect(rows.replacing("2,B", with: "3,B")).streamName != without.streamName)
        #expect(try await inspect(rows + "3,A,1,1\n").streamName != without.streamName)
        #expect(without.symbols == ["A", "B"])
    }

    @Test("the name depends on the content, not on the compression")
    func compression() async throws {
        // The two lines are not trades; the error shows that the content was read.
        await #expect(throws: ReplayError.self) {
            try await TemporaryFolder.withFile(Packing.gzip(Array("first line\nsecond\n".utf8))) {
                try ReplayFile.inspect($0, frames: .binance)
            }
        }
    }

    @Test(
        "the error of a file that cannot be replayed names the cause",
        arguments: [
            ("", "the file is empty"), ("\n\n", "none of its 2 lines"), ("symbol,price,qty\nA,1,1\n", "ts_ms"),
            ("ts_ms,price,qty\n1,1,1\n", "symbol"), ("ts_ms,symbol,qty\n1,A,1\n", "price"),
            ("ts_ms,symbol,price\n1,A,1\n", "qty or quantity"),
            ("ts_ms,symbol,price,qty\n", "none of its 1 lines"),
            ("ts_ms,symbol,price,qty\nx,A,1,1\n", ":2: ts_ms is \"x\""),
            (#"{"e":"bookTicker"}"#, "none of its 1 lines"),
        ]
    )
    func refused(text: String, hint: String) async throws {
        await #expect {
            try await inspect(text)
        } throws: { error in
            "\(error)".contains(hint)
        }
    }

    @Test(
        "recorded files are listed",
        .enabled(if: SharedData.hasRecordings),
        arguments: [
            ("binance-usdm-20240808/frames.ndjson.gz", "trade", ["BTCUSDT", "ETHUSDT"], 35_389),
            ("binance-usdm-20240808/trades.csv.gz", "trade", ["BTCUSDT", "ETHUSDT"], 35_389),
            ("binance-spot-20240808/trades.csv.gz", "trade", ["BTCUSDT", "ETHUSDT"], 34_419),
        ]
    )
    func recorded(name: String, stream: String, symbols: [String], trades: Int) throws {
        let file = try ReplayFile.inspect(SharedData.file("data/\(name)"), frames: .binance)
        #expect(file.streamName == stream)
        #expect(file.symbols.sorted() == symbols.sorted())
        #expect(file.trades == trades)
    }
}

import Foundation
import MarketData
import Testing
import TradeFeeds

@Suite struct BarFileTests {
    private func file(_ text: String, timeframe: String? = "1m") async throws -> BarFile {
        try await Fixtures.withFile(text.utf8) { path in
            #expect(BarFile.isBars(path))
            return try BarFile(
                path: path,
                naming: TradeFileNaming(standardVenue: .binanceUSDM),
                timeframe: timeframe.flatMap { Timeframe($0) }
            )
        }
    }

    @Test("the time is read in seconds, milliseconds or microseconds", arguments: ["", "000", "000000"])
    func units(zeros: String) async throws {
        let file = try await file("open_time,symbol,open,high,low,close,volume\n1576252800\(zeros),SPY,1,3,0.5,2,7\n")
        let bar = try #require(file.bars.first)
        #expect(bar.openTime == Timestamp(microseconds: 1_576_252_800_000_000))
        #expect(bar.prices == BarPrices(open: 1, high: 3, low: 0.5, close: 2, volume: 7, trades: 0))
        #expect(bar.state == .traded && bar.origin == .klines)
        #expect(file.instruments.map(\.description) == ["binance-usdm:SPY"])
    }

    @Test("an export of bars names everything itself, and a gap has no value")
    func exports() async throws {
        let file = try await file(
            """
            # pairs-exporter export bars
            venue,symbol,timeframe,open_time_us,open,high,low,close,volume,trades,state,origin
            okx,A,1s,1000000,1,1,1,1,5,2,traded,trades
            okx,B,1m,60000000,,,,,,,gap,trades
            okx,A,1s,2000000,1,1,1,1,0,0,carried,trades
            """,
            timeframe: nil
        )
        #expect(file.bars.map(\.slot) == [1, 1, 2])
        #expect(file.bars.map(\.state) == [.traded, .gap, .carried])
        #expect(file.bars[1].prices == nil)
        #expect(file.instruments.map(\.symbol) == ["A", "B"])
    }

    @Test(
        "a line that is no bar is named",
        arguments: [
            ("61,A,1,1,1,1", "no opening"), ("60,A,1,1,2,1", "are not open"), ("60,A,1,x,1,1", "high must be a number"),
            ("60,A,1,1,1", "5 fields"), ("x,A,1,1,1,1", "no time"), ("60,A,0,1,0,1", "are not open"),
            ("1723161240000000000,A,1,1,1,1", "no time"),
        ]
    )
    func faults(line: String, words: String) async throws {
        let file = try await file("time,symbol,open,high,low,close\n\(line)\n120,A,1,1,1,1\n")
        #expect(file.bars.count == 1)
        #expect(file.faults.map(\.line) == [2])
        #expect(file.faults.first?.problem.contains(words) == true, "\(file.faults)")
    }

    @Test("a file of trades is not one of bars")
    func trades() async throws {
        let isBars = try await Fixtures.withFile("ts_ms,symbol,price,qty\n".utf8) { BarFile.isBars($0) }
        #expect(!isBars)
    }
}

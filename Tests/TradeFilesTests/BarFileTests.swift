import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles

@Suite struct BarFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(
        _ text: String,
        name: String = "bars.csv",
        timeframe: String? = "1m",
        naming: TradeFileNaming = TradeFileNaming(venue: .binanceUSDM)
    ) throws -> BarFile {
        let path = folder.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(BarFile.isBars(path))
        return try BarFile(path: path, naming: naming, timeframe: timeframe.flatMap { Timeframe($0) })
    }

    private func bars(_ file: BarFile) async throws -> [Bar] {
        var bars: [Bar] = []
        try await file.read(batchSize: { 2 }) { batch, _ in
            #expect(batch.count <= 2)
            bars += batch
        }
        return bars
    }

    @Test("the time is read in seconds, milliseconds, microseconds or nanoseconds", arguments: [0, 3, 6, 9])
    func units(zeros: Int) async throws {
        let time = "1576252800" + String(repeating: "0", count: zeros)
        let file = try file("open_time,symbol,open,high,low,close,volume\n\(time),SPY,1,3,0.5,2,7\n")
        let bar = try #require(try await bars(file).first)
        #expect(bar.openTime == Timestamp(microseconds: 1_576_252_800_000_000))
        #expect(bar.prices == BarPrices(open: 1, high: 3, low: 0.5, close: 2, volume: 7, trades: 0))
        #expect(bar.state == .traded && bar.origin == .klines)
        #expect(file.instruments.map(\.description) == ["binance-usdm:SPY"])
    }

    @Test("an export of bars needs no options, and a gap has no value")
    func exports() async throws {
        let file = try file(
            """
            # pairs-exporter export bars
            venue,symbol,timeframe,open_time_us,open,high,low,close,volume,trades,state,origin
            okx,A,1s,1723161601000000,1,1,1,1,5,2,traded,trades
            okx,B,1m,1723161660000000,,,,,,,gap,trades
            okx,A,1s,1723161602000000,1,1,1,1,0,0,carried,trades
            """,
            timeframe: nil,
            naming: TradeFileNaming()
        )
        let bars = try await bars(file)
        #expect(bars.map(\.slot) == [1_723_161_601, 28_719_361, 1_723_161_602])
        #expect(bars.map(\.state) == [.traded, .gap, .carried])
        #expect(bars[1].prices == nil)
        #expect(file.instruments.map(\.symbol) == ["A", "B"])
        #expect(file.contents.map(\.bars) == [2, 1])
    }

    @Test(
        "symbol and length are read from the name and the header where rows do not state them",
        arguments: [
            (
                "ADABTC-1m-2021-11-27.csv", "1637971200000,2,4,1,3,100.0,1637971259999,0.003,10,50.0,0.0015,0",
                "ADABTC 1m"
            ),
            ("XBTUSD_60.csv", "1637971200,2,4,1,3,100.0,10", "XBTUSD 1h"),
            ("BINANCE_BTCUSDT, 1D.csv", "time,open,high,low,close,Volume\n1637971200,2,4,1,3,100", "BTCUSDT 1d"),
            (
                "Binance_BTCUSDT_minute.csv",
                "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USDT,tradecount\n"
                    + "1637971200000,2021-11-27 00:00:00,BTCUSDT,2,4,1,3,100,300,10", "BTCUSDT 1m"
            ),
            (
                "prices_1d.csv",
                "Price,Close,High,Low,Open,Volume\nTicker,KO,KO,KO,KO,KO\nDate,,,,,\n2021-11-27,3,4,1,2,100", "KO 1d"
            ),
        ]
    )
    func names(name: String, text: String, expected: String) async throws {
        let file = try file(text + "\n", name: name, timeframe: nil)
        let bar = try #require(try await bars(file).first)
        #expect("\(file.instruments[0].symbol) \(bar.timeframe)" == expected)
        #expect(bar.openTime == Timestamp(microseconds: 1_637_971_200_000_000))
        let prices = try #require(bar.prices)
        #expect([prices.open, prices.high, prices.low, prices.close, prices.volume] == [2, 4, 1, 3, 100])
    }

    @Test(
        "a row that is not a bar is reported, and the others are read",
        arguments: [
            ("1723161661,A,1,1,1,1", "grid", "opens at 2024-08-09T00:01:00Z"),
            ("1723161660,A,1,1,2,1", "bar", "contradict"), ("1723161660,A,1,x,1,1", "price", "high is \"x\""),
            ("1723161660,A,1,1,1", "cells", "5 cells"), ("x,A,1,1,1,1", "time", "time is \"x\""),
            ("1723161660,A,0,1,0,1", "price", "not positive"), ("60,A,1,1,1,1", "time", "2005 and 2100"),
            ("1723161720,A,1,1,1,2", "bar", "contradict"), ("1723161720,,1,1,1,1", "name", "symbol is empty"),
        ]
    )
    func faults(line: String, reason: String, excerpt: String) async throws {
        let file = try file("time,symbol,open,high,low,close\n\(line)\n1723161720,A,1,1,1,1\n")
        #expect(try await bars(file).count == 1)
        #expect(file.refused.counts == [reason: 1])
        #expect(file.refused.first.map(\.line) == [2])
        #expect(file.refused.first.first?.problem.contains(excerpt) == true, "\(file.refused.first)")
    }

    @Test("a low above the close by a rounding step is the close")
    func rounding() async throws {
        let row = "1723075200,63.73962836212061,63.92239622082758,63.70114898681641,63.701148986816406,1\n"
        let file = try file(
            "time,symbol,open,high,low,close,volume\n" + row.replacing("1723075200,", with: "1723075200,A,")
        )
        #expect(try await bars(file).first?.prices?.low == 63.701148986816406)
    }

    @Test(
        "a repeated time is skipped, and reported where its values differ, in any order",
        arguments: [
            ("0 1,60 2,60 2,120 3", 3, 1, []), ("0 1,60 2,60 9,120 3", 3, 0, [4]), ("120 3,60 2,60 2,0 1", 3, 1, []),
            ("0 1,120 3,60 2,0 1,120 9", 3, 1, [6]), ("120 3,0 1,60 2,180 4", 4, 0, []),
        ]
    )
    func repeats(rows: String, count: Int, repeats: Int, refused: [Int]) async throws {
        let lines = rows.split(separator: ",").map { row in
            let parts = row.split(separator: " ").compactMap { Int($0) }
            return "\(1_723_161_600 + parts[0]),A,\(parts[1]),\(parts[1]),\(parts[1]),\(parts[1])"
        }
        let file = try file("time,symbol,open,high,low,close\n" + lines.joined(separator: "\n") + "\n")
        let bars = try await bars(file)
        #expect(bars.count == count && file.contents[0].bars == count)
        #expect(file.repeats == repeats)
        #expect(file.refused.first.map(\.line) == refused)
        #expect(bars.allSatisfy { Int64($0.prices?.close ?? 0) == $0.slot - 28_719_360 + 1 })
    }

    @Test("a cell without a value in all prices is a gap")
    func blanks() async throws {
        let rows = "1723161600,A,1,1,1,1\n1723161660,A,,NaN,null,\n1723161720,A,1,1,1,1\n"
        let file = try file("time,symbol,open,high,low,close\n" + rows)
        #expect(try await bars(file).map(\.state) == [.traded, .gap, .traded])
    }

    @Test(
        "the error of an incomplete file names the missing option",
        arguments: [
            ("time,open,high,low,close\n1723161600,1,1,1,1\n", "1m", "A", nil, "--venue"),
            ("time,open,high,low,close\n1723161600,1,1,1,1\n", "1m", nil, "okx", "--symbol"),
            ("time,open,high,low,close\n1723161600,1,1,1,1\n", nil, "A", "okx", "--timeframe"),
            ("time,symbol,open,high,low,close\n1723161600,A,1,1,1,1\n", "1m", "A", "okx", "--symbol would be ignored"),
            ("time,symbol,open,high,low,close,close\n", "1m", nil, "okx", "two columns are named `close`"),
            ("time,symbol,open,high,low,close\n", "1m", nil, "okx", "no rows"),
        ] as [(String, String?, String?, String?, String)]
    )
    func unusable(text: String, timeframe: String?, symbol: String?, venue: String?, excerpt: String) throws {
        let naming = TradeFileNaming(venue: venue.map { Venue(rawValue: $0) }, symbol: symbol)
        let error = #expect(throws: ReplayError.self) { try file(text, timeframe: timeframe, naming: naming) }
        #expect("\(String(describing: error))".contains(excerpt))
    }

    @Test(
        "an ambiguous part of a file's name is not used",
        arguments: [
            ("bars_1.csv", nil, "--timeframe"), ("klines-1m.csv", nil, "--symbol"),
            ("ETHUSDT-1m-x.csv", "BTCUSDT", "ETHUSDT"),
        ]
            as [(String, String?, String)]
    )
    func names(name: String, symbol: String?, excerpt: String) throws {
        let naming = TradeFileNaming(venue: .okx, symbol: symbol ?? (excerpt == "--timeframe" ? "A" : nil))
        let text = "time,open,high,low,close\n1723161600,1,1,1,1\n"
        let error = #expect(throws: ReplayError.self) { try file(text, name: name, timeframe: nil, naming: naming) }
        #expect("\(String(describing: error))".contains(excerpt))
    }

    @Test("a time of day is added to a date only where no column has the complete time")
    func dateAndTime() async throws {
        let texts = [
            "date,time,symbol,open,high,low,close\n2024-08-09,00:01,A,1,1,1,1\n",
            "date,time,symbol,open,high,low,close\n2024-08-09 00:01,00:01,A,1,1,1,1\n",
            "unix,date,time,symbol,open,high,low,close\n1723161660,2024-08-08,20:01,A,1,1,1,1\n",
        ]
        for text in texts {
            #expect(try await bars(try file(text)).map(\.openTime.microseconds) == [1_723_161_660_000_000], "\(text)")
        }
        let mixed = texts[0] + "2024-08-09 00:02,00:02,A,1,1,1,1\n"
        #expect(try file(mixed).refused.counts == ["time": 1])
    }

    @Test("a refused row of another instrument does not change the instrument of the others")
    func refusedInstrument() async throws {
        let rows = "1723161630,X,1,1,1,1\n1723161600,A,1,1,1,1\n1723161601,Y,1,1,1,1\n1723161600,B,2,2,2,2\n"
        let file = try file("time,symbol,open,high,low,close\n" + rows)
        let found = try await bars(file).map {
            "\(file.instruments[Int($0.instrument.index)].symbol) \($0.prices?.close ?? 0)"
        }
        #expect(found == ["A 1.0", "B 2.0"])
    }

    @Test("a file of trades is not a file of bars")
    func trades() async throws {
        let isBars = try await TemporaryFolder.withFile("ts_ms,symbol,price,qty\n".utf8) { BarFile.isBars($0) }
        #expect(!isBars)
    }
}

import Foundation
import TestSupport
import Testing

@testable import PairsTools

@Suite struct PriceTableTests {
    private func table(
        _ text: String,
        _ names: [String] = ["y", "x"],
        mustBePositive: Bool = false,
        window: Int? = nil
    ) throws -> PriceTable {
        let folder = try TemporaryFolder()
        try text.write(toFile: folder.file("t.csv"), atomically: true, encoding: .utf8)
        let series = zip(names.count == 1 ? ["series"] : ["y", "x"], names).map { (role: $0, name: $1) }
        return try PriceTable(folder.file("t.csv"), series, mustBePositive: mustBePositive, window: window)
    }

    private func refusal(
        _ text: String,
        _ names: [String] = ["y", "x"],
        mustBePositive: Bool = false,
        window: Int? = nil
    )
        -> AnalysisError?
    {
        do {
            _ = try table(text, names, mustBePositive: mustBePositive, window: window)
            return nil
        } catch {
            return error as? AnalysisError
        }
    }

    @Test(
        "Rows are in order of time, whatever their order in the file",
        arguments: [
            ("date,y,x\n2024-01-01,1,5\n2024-01-02,2,6\n2024-01-03,3,7\n", "oldest first"),
            ("Date;y;x\n2024-01-03;3,0;7\n2024-01-02;2;6,0\n2024-01-01;1;5\n", "newest first"),
            ("x,y,unix\n7,3,1704240000\n5,1,1704067200\n6,2,1704153600\n", "out of order"),
            ("x,y,ts\n7,3,1704240000000\n5,1,1704067200000\n6,2,1704153600000\n", "out of order"),
            (
                "<DATE>\t<TIME>\ty\tx\n2024.01.02\t00:00:00\t2\t6\n2024.01.01\t00:00\t1\t5\n2024.01.03\t00:00\t3\t7\n",
                "out of order"
            ),
            (",y,x\n2024-01-02,2,6\n2024-01-01,1,5\n2024-01-03,3,7\n", "out of order"),
            ("Day,Y,X\n1824-01-03,3,7\n1824-01-02,2,6\n1824-01-01,1,5\n", "newest first"),
        ]
    )
    func order(text: String, direction: String) throws {
        let table = try table(text)
        #expect(table.values == [[1, 2, 3], [5, 6, 7]])
        let order = try #require(table.source.order)
        #expect(order.direction.rawValue == direction)
        #expect(order.timeStep == 86_400_000_000 && order.gaps == 0)
        #expect(order.text(order.last).hasSuffix("24-01-03"))
    }

    @Test(
        "The complete column shows which number is the month where the year comes last",
        arguments: [
            ["1/12/2024", "1/13/2024", "1/14/2024"], ["12/1/2024", "13/1/2024", "14/1/2024"],
            ["12.01.2024", "13.01.2024", "14.01.2024"], ["01-12-2024 00:00", "01-13-2024", "01-14-2024 00:00:00"],
            ["2.1.2024", "3.1.2024", "4.1.2024"],
        ]
    )
    func dateOrders(dates: [String]) throws {
        let rows = [2, 0, 1].map { "\(dates[$0]),\($0 + 1),\($0 + 5)\n" }
        let table = try table("Date,y,x\n" + rows.joined())
        #expect(table.values == [[1, 2, 3], [5, 6, 7]])
        #expect(try #require(table.source.order).timeStep == 86_400_000_000)
    }

    @Test(
        "Dates whose month and day cannot be distinguished are refused",
        arguments: [
            (["1/2/2024", "1/3/2024"], "shows which number is the month"),
            (["1/13/2024", "13/1/2024"], "month first and the day first"),
            (["1/13/2024", "2/30/2024"], "2/30/2024"),
        ]
    )
    func unclearDates(dates: [String], words: String) throws {
        let error = try #require(refusal("Date,y,x\n" + dates.map { "\($0),1,2\n" }.joined()))
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test("Plain numbers in a column of time are row numbers, and rows are sorted by them")
    func rowNumbers() throws {
        let table = try table("time,y,x\n0,1,5\n2,3,7\n1,2,6\n5,4,8\n")
        #expect(table.values == [[1, 2, 3, 4], [5, 6, 7, 8]])
        let order = try #require(table.source.order)
        #expect(order.values == .rowNumbers && order.timeStep == nil)
        #expect(order.usualStep == 1 && order.gaps == 1 && order.longestStep == 3)
        #expect(order.text(18_500_001) == "18500001" && order.stepText(0.5) == "0.5")
    }

    @Test(
        "Steps of time are written with days, hours and minutes",
        arguments: [
            ("1704067200", "1704067260", "1m"), ("1704067200", "1704063600", "1h"),
            ("1704067200", "1703831340", "2d 17h 31m"), ("1704067200", "1704153600", "1d"),
            ("1704067200.001", "1704067200", "1ms"),
        ]
    )
    func steps(first: String, second: String, words: String) throws {
        let order = try #require(try table("time,y,x\n\(first),1,5\n\(second),2,6\n").source.order)
        #expect(order.usualStep.map(order.stepText) == words)
    }

    @Test("Without a time the rows keep their order, and the window has the last ones")
    func noTime() throws {
        let table = try table("y,x\n3,7\n1,5\n")
        #expect(table.values == [[3, 1], [7, 5]])
        #expect(table.source.order == nil)
    }

    @Test("Rows with a cell without a value and repeated rows are left out and counted")
    func leftOut() throws {
        let table = try table(
            "date,y,x\n2024-01-01,1,5\n2024-01-02,,6\n2024-01-03,3,NaN\n2024-01-04,4,8\n2024-01-04,4,8\n"
        )
        #expect(table.values == [[1, 4], [5, 8]])
        #expect(table.source.leftOut[.blank] == 2 && table.source.leftOut[.repeated] == 1)
        #expect(table.source.rowsRead == 5 && table.source.usableRows == 2)
    }

    @Test("The columns of a header with tickers are found by ticker, and a bare ticker is its close")
    func tickers() throws {
        let text = "Price,Adj Close,Close,Close\nTicker,KO,KO,PEP\nDate,,,\n2024-01-01,9,1,5\n2024-01-02,9,2,6\n"
        for names in [["KO", "PEP"], ["Close KO", "pep"], ["Close/KO", "PEP Close"]] {
            let table = try table(text, names)
            #expect(table.values == [[1, 2], [5, 6]])
            #expect(table.source.series.map(\.name) == ["Close KO", "Close PEP"])
        }
        #expect(try table(text, ["Adj Close KO", "PEP"]).values[0] == [9, 9])
        #expect(refusal(text, ["Close", "PEP"])?.problem.contains("may be Close KO or Close PEP") == true)
    }

    @Test("Tickers may be above the fields")
    func tickersAbove() throws {
        let header = "Ticker,KO,KO,PEP,PEP\nPrice,Open,Close,Open,Close\nDate,,,,\n"
        let text = header + "2024-01-01,9,1,9,5\n2024-01-02,9,2,9,6\n"
        for names in [["KO", "PEP"], ["Close KO", "PEP/Close"]] {
            #expect(try table(text, names).values == [[1, 2], [5, 6]])
        }
        #expect(try table(text, ["KO Open", "PEP"]).values[0] == [9, 9])
    }

    @Test("Prices of symbols in rows of their own are aligned by time")
    func long() throws {
        let text = """
            timestamp,symbol,close
            1704067200,ETHUSDT,1
            1704067200,BTCUSDT,5
            1704153600,ETHUSDT,2
            1704240000,ETHUSDT,3
            1704240000,BTCUSDT,7
            1704240000,SOLUSDT,9

            """
        let table = try table(text, ["ethusdt", "BTCUSDT"])
        #expect(table.values == [[1, 3], [5, 7]])
        #expect(table.source.leftOut[.oneLeg] == 1 && table.source.leftOut[.otherSymbol] == 1)
        #expect(table.source.series.map(\.name) == ["ETHUSDT", "BTCUSDT"] && table.source.priceColumn == "close")
        #expect(try self.table(text, ["ETHUSDT"]).values == [[1, 2, 3]])
        let unknown = refusal(text, ["ETHUSDT", "BTCUSD"])?.problem
        #expect(unknown?.contains("no symbol \"BTCUSD\"; its symbols are BTCUSDT, ") == true)
        #expect(refusal(text, ["ETHUSDT", "ethusdt"])?.problem.contains("both the symbol ETHUSDT") == true)
    }

    @Test(
        "A row that cannot be used is refused with its line and what would be right",
        arguments: [
            ("", nil as Int?, "is empty"),
            ("y,x\n1,2\n3\n", 3, "the line has 1 cell, the header has 2"),
            ("y,x\n1,\"2\n", 2, "quote of cell 2 does not end"),
            ("y,x\n1,2\n3,?\n", 3, "column x must be a number, found \"?\""),
            ("y,z\n1,2\n", 1, "has no column \"x\"; its columns are y, z"),
            ("y,x,x\n1,2,3\n", 1, "two columns are named `x`"),
            ("date,y,x,date\n1,1,2,1\n", 1, "two columns are named `date`"),
            ("ts,symbol,price,price\n1,y,1,2\n", 1, "two columns are named `price`"),
            ("time,y,x\n2024-01-01,1,2\nsoon,3,4\n", 3, "time is \"soon\"; it must be seconds"),
            ("time,y,x\n0,1,2\n1704067200,3,4\n", 3, "it must be a row number, as in line 2"),
            ("date,y,x\n2024-01-02,1,2\n2024-01-01,3,4\n2024-01-02,1,5\n", 4, "same date as line 2, with other values"),
            ("date,y,x\n1704-01-02,1,2\n", 2, "dates may begin in the year 1800"),
        ]
    )
    func refused(text: String, line: Int?, problem: String) {
        let error = refusal(text)
        #expect(error?.line == line)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "read")")
    }

    @Test("Zero and less have no logarithm, and are refused where logarithms are needed", arguments: ["0", "-2.5"])
    func logarithm(cell: String) throws {
        let text = "y,x\n1,1\n\(cell),1\n"
        #expect(try table(text).values[0].last == Double(cell))
        let error = refusal(text, mustBePositive: true)
        #expect(error?.line == 3)
        #expect(error?.problem == "column y is \(cell), which has no logarithm; use --price level")
    }

    @Test("One column twice, and a window longer than the rows that count, are refused")
    func settings() {
        let text = "date,eth,btc\n2024-01-01,1,5\n2024-01-02,2,6\n2024-01-03,NA,6\n"
        #expect(refusal(text, ["eth", "ETH"])?.problem.contains("--y and --x are both the column eth") == true)
        let long = refusal(text, ["eth", "btc"], window: 3)?.problem
        #expect(
            long
                == "--window 3 is longer than the 2 rows that can be used: 3 rows read, 1 left out with a blank or NaN cell"
        )
        let empty = refusal("y,x\n,1\n,2\n")?.problem
        #expect(empty == "has no row that can be used: 2 rows read, 2 left out with a blank or NaN cell")
        #expect(refusal("y,x\n")?.problem == "has no row that can be used: 0 rows read")
    }

    @Test("A file in any order gives the rows of the sorted file")
    func shuffled() throws {
        var random = SeededRandom(seed: 7)
        let lines = (0..<200).map {
            "\(1_704_067_200 + 60 * $0 + ($0 > 90 ? 600 : 0)),\(random.uniform()),\(random.uniform())"
        }
        let sorted = try table("time,y,x\n" + lines.joined(separator: "\n") + "\n")
        #expect(sorted.source.order?.gaps == 1)
        for _ in 0..<20 {
            let repeats = lines.filter { _ in random.uniform() < 0.1 }
            let mixed = (lines + repeats).shuffled(using: &random)
            let other = try table("time,y,x\n" + mixed.joined(separator: "\n") + "\n")
            #expect(other.values == sorted.values)
            #expect(other.source.leftOut[.repeated] == repeats.count && other.source.order?.gaps == 1)
        }
    }
}

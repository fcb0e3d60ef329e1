import MarketData
import TestSupport
import Testing
import TradeFeeds

@testable import TradeFiles

@Suite struct TableTextTests {
    private func time(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return TimeText.time(bytes.span.bytes, 0..<bytes.count)?.microseconds
    }

    @Test(
        "a time is read by one rule: magnitude shows the unit, or it is ISO 8601",
        arguments: [
            ("1723075200", 0), ("1723075200.123", 123_000), ("1723075200123", 123_000), ("1723075200123.9", 123_900),
            ("1723075200123456", 123_456), ("1723075200123456789", 123_456), ("2024-08-08", 0), ("20240808", 0),
            ("2024/08/08", 0), ("2024-08-08T00:00:00.123Z", 123_000), ("2024-08-08 00:00:00", 0),
            ("2024-08-08T00:00:00.123456789Z", 123_456), ("2024-08-08 02:00:00+02:00", 0), ("2024-08-07T19:00-0500", 0),
            ("2024-08-08 00:00:00 UTC", 0), ("2024-08-08 12-AM", 0), ("2024-08-08 01-PM", 46_800_000_000),
            ("2024-08-08T00", 0),
        ]
    )
    func times(text: String, microseconds: Int64) {
        #expect(time(text) == 1_723_075_200_000_000 + microseconds)
    }

    @Test(
        "a text that is not a time of the years 2005 to 2100 is refused",
        arguments: [
            "", "0", "1", "999999999", "1104537599", "4133980800", "1104537599999", "99999999999999", "-1723075200",
            "1.723e12", "1970-01-01", "2004-12-31", "2101-01-01", "2024-02-30", "2024-13-01", "2024-08-08T24:00",
            "08/08/2024", "8.8.2024", "2024-08-08T00:00:00.1234567890Z", "2024-08-08T00:00:00X", "12-AM", "NaN",
            "99999999999999999999", "1723075200.", "1723075200.x",
        ]
    )
    func noTimes(text: String) {
        if text == "1723075200." { #expect(time(text) == 1_723_075_200_000_000) } else { #expect(time(text) == nil) }
    }

    @Test("random moments are read back in every unit and as text")
    func roundTrip() throws {
        for _ in 0..<2000 {
            let micros = Int64.random(in: 1_104_537_600_000_000..<4_133_980_800_000_000)
            let moment = Timestamp(microseconds: micros)
            #expect(time("\(micros)") == micros)
            #expect(time("\(micros)999") == micros)
            #expect(time("\(micros / 1000)") == micros / 1000 * 1000)
            #expect(time("\(micros / 1_000_000)") == micros / 1_000_000 * 1_000_000)
            #expect(time(ISO8601.text(moment)) == micros)
        }
        #expect(ISO8601.text(Timestamp(microseconds: -1)) == "1969-12-31T23:59:59.999999Z")
    }

    @Test(
        "a plain number keeps its digits, and another form keeps its value",
        arguments: [
            ("61800.30", "61800.30"), ("-5", "-5"), ("1.234e-05", "0.00001234"), ("1e6", "1000000"), ("+1", "1"),
            (".5", "0.5"), ("5.", "5"), ("007", "7"), ("-0", "0"), ("1.5E+2", "150"), ("123e-2", "1.23"),
            ("0.000", "0.000"), ("1.236E-05", "0.00001236"),
        ]
    )
    func decimals(text: String, expected: String) throws {
        var numbers = NumberText()
        let bytes = Array(text.utf8)
        #expect(try numbers.decimal(bytes.span.bytes, 0..<bytes.count).description == expected)
    }

    @Test(
        "a text that is not a number is refused",
        arguments: [
            "", "x", "1,5", "1,234.5", "1e", "e5", "1.2.3", "0x10", "inf", "NaN", "--1", "1 000", "1e99999999999",
        ]
    )
    func noNumbers(text: String) {
        var numbers = NumberText()
        let bytes = Array(text.utf8)
        #expect(numbers.double(bytes.span.bytes, 0..<bytes.count) == nil)
    }

    @Test("a double is the nearest one, for random texts of up to 20 digits")
    func doubles() throws {
        var numbers = NumberText()
        for _ in 0..<2000 {
            let value = Double(bitPattern: UInt64.random(in: 0...(0x7FE << 52)))
            for text in ["\(value)", "\(Int64.random(in: 0...Int64.max)).\(UInt64.random(in: 0...99_999))"] {
                let bytes = Array(text.utf8)
                #expect(numbers.double(bytes.span.bytes, 0..<bytes.count) == Double(text), "\(text)")
            }
        }
    }

    @Test("a file has decimal commas or decimal points, and one that has both has thousands separators")
    func commas() throws {
        var numbers = NumberText(mayHaveComma: true)
        func double(_ text: String) -> Double? {
            let bytes = Array(text.utf8)
            return numbers.double(bytes.span.bytes, 0..<bytes.count)
        }
        #expect(double("100") == 100)
        #expect(double("121,065") == 121.065)
        #expect(double("1.234") == nil)
        #expect(double("1.234,5") == nil)
        #expect(double("1,5e3") == 1500)
    }

    @Test(
        "with tabs as delimiters a comma is decimal only where a number shows it",
        arguments: [
            ("y\n55,123\n", nil), ("y\n55,123\n0,5\n", 55.123), ("y\n55,123\n1234,567\n", 55.123), ("y\n5.5\n", nil),
            ("y\n1,234,567\n", nil),
        ] as [(String, Double?)]
    )
    func thousands(text: String, expected: Double?) async throws {
        let table = "time\t" + text.replacing("\n", with: "\n2024-01-01\t").dropLast("2024-01-01\t".count)
        var numbers = try #require(try await header(table)).numbers
        let bytes = Array("55,123".utf8)
        #expect(numbers.double(bytes.span.bytes, 0..<bytes.count) == expected)
    }

    @Test("a cell without a value is distinguished from one with a wrong value")
    func missing() {
        func isMissing(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return NumberText.isMissing(bytes.span.bytes, 0..<bytes.count)
        }
        #expect(["", "NaN", "nan", "NA", "N/A", "null", "NULL", "None", "-", "#N/A"].allSatisfy(isMissing))
        #expect(["0", "x", "na1", "nannan", "--", "1"].allSatisfy { !isMissing($0) })
    }

    private func cells(_ line: String, _ delimiter: String = ",") throws -> [String] {
        let bytes = Array(line.utf8)
        var splitter = FieldSplitter(format: TableFormat(delimiter: Array(delimiter.utf8)[0]))
        try splitter.split(bytes.span.bytes)
        return splitter.fields.map { FieldSplitter.text(bytes.span.bytes, $0) }
    }

    @Test(
        "cells are trimmed and unquoted",
        arguments: [
            ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("\"a, b\",c", ["a, b", "c"]), ("\"a\"\"b\",", ["a\"b", ""]),
            ("", [""]), (",,", ["", "", ""]), ("\" a \" ,\tb", ["a", "b"]), ("a\"b,c", ["a\"b", "c"]),
        ]
    )
    func splitting(line: String, expected: [String]) throws {
        #expect(try cells(line) == expected)
    }

    @Test("a tab between cells is not a blank", arguments: [("a\tb", ["a", "b"]), ("\t\tb", ["", "", "b"])])
    func tabs(line: String, expected: [String]) throws {
        #expect(try cells(line, "\t") == expected)
    }

    @Test("a quote that does not end, or ends within a cell, is a fault", arguments: ["\"a,b", "a,\"b\"c"])
    func quotes(line: String) {
        #expect(throws: RowFault.self) { try cells(line) }
    }

    private func header(_ text: String, wanted: Set<String> = ["time"]) async throws -> TableHeader? {
        try await TemporaryFolder.withFile(text.utf8) { path in
            TableHeader(try FileStart(path: path)) { !$0.isDisjoint(with: wanted) }
        }
    }

    @Test(
        "the header is found after comments and introductory lines of a vendor",
        arguments: [
            ("# export\nhttps://www.example.com/data\ntime,y,x\n0,1,2\n", 3, "time, y, x"),
            ("time;y;x\n2024-01-01;1,5;2\n", 1, "time, y, x"), ("Time\ty\n1\t2\n", 1, "Time, y"),
            ("Data of Example, 2024\n\n a , b , c\n1,2,3\n", 3, "a, b, c"), ("value\n1\n2\n", 1, "value"),
            ("a,b\n", 1, "a, b"),
        ]
    )
    func headers(text: String, line: Int, names: String) async throws {
        let header = try #require(try await header(text))
        #expect(header.lastLine == line)
        #expect(header.names == names)
    }

    @Test("a header may be in a comment, and no row may precede it")
    func unusualHeaders() async throws {
        let commented = try #require(try await header("# time,x,y\n1723075201,1,2\n"))
        #expect(commented.names == "time, x, y" && commented.lastLine == 1)
        let both = try #require(try await header("# time,x,y\ntime,y,x\n1723075201,1,2\n"))
        #expect(both.names == "time, y, x" && both.lastLine == 2)
        let late = try #require(try await header("1723075201,1,2\n1723075202,1,2\ntime,y,x\n1723075203,1,2\n"))
        #expect(late.lastLine == 1 && late.position(of: .time) == nil)
    }

    @Test("a header of many columns is named in part")
    func longHeader() async throws {
        let names = (1...100).map { "c\($0)" }.joined(separator: ",")
        let header = try #require(try await header("time,\(names)\n"))
        #expect(header.names.hasSuffix("c39 and 61 more"))
    }

    @Test("a header of fields and tickers names both")
    func tickers() async throws {
        let text = "Price,Close,Close\nTicker,KO,PEP\nDate,,\n2024-01-01,1,2\n"
        let header = try #require(try await header(text))
        #expect(header.lastLine == 3)
        #expect(header.columns.map(\.name) == ["Date", "Close", "Close"])
        #expect(header.columns.map(\.ticker) == [nil, "KO", "PEP"])
        #expect(header.repeatedName == nil)
    }

    @Test("with several columns of one meaning the more precise name counts, and a repeated name is detected")
    func positions() async throws {
        let header = try #require(try await header("Date,Unix,isBuyerMaker,QTY,Volume\n1,2,3,4,5\n", wanted: ["unix"]))
        #expect(header.position(of: .time) == 1)
        #expect(header.position(of: .buyerIsMaker) == 2)
        #expect(header.position(of: .quantity) == 3)
        #expect(header.position(of: .price) == nil)
        #expect(header.repeatedName == nil)
        #expect(try await self.header("time,Close,close\n1,2,3\n")?.repeatedName == "close")
    }
}

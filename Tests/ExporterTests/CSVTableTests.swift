import Testing

@testable import Exporter

@Suite struct CSVTableTests {
    @Test("Reads columns by name, quotes, CRLF, blanks, a byte-order mark and empty lines")
    func reads() throws {
        let table = try CSVTable("\u{FEFF}a,\"b, c\"\r\n1, 2.5 \r\n\r\n\"-3\",4e2\r\n", file: "t.csv")
        #expect(try table.column("a", mustBePositive: false) == [1, -3])
        #expect(try table.column("b, c", mustBePositive: true) == [2.5, 400])
    }

    @Test("A quoted cell may hold quotes and line breaks, and lines are still counted right")
    func quotes() throws {
        let table = try CSVTable("a,n\n1,\"x \"\"y\"\"\nz\"\n?,2\n", file: "t.csv")
        #expect(throws: CSVError(file: "t.csv", line: 4, problem: "column a must be a number, found \"?\"")) {
            try table.column("a", mustBePositive: false)
        }
    }

    @Test(
        "What is no table is refused with its line",
        arguments: [
            ("", nil as Int?, "is empty"),
            ("a,b\n1\n", 2, "has 1 cells, the header has 2"),
            ("a\n\"1\n", 2, "has a quote that does not end"),
            ("a\n\"1\"x\n", 2, "text follows a closing quote"),
        ]
    )
    func refused(text: String, line: Int?, problem: String) {
        let error = #expect(throws: CSVError.self) { try CSVTable(text, file: "t.csv") }
        #expect(error?.line == line)
        #expect(error?.problem.contains(problem) == true)
    }

    @Test(
        "What is no positive number is refused with its line",
        arguments: [
            ("nan", "must be a number"), ("", "found nothing"), ("inf", "must be a number"), ("0", "no logarithm"),
        ]
    )
    func numbers(cell: String, problem: String) throws {
        let table = try CSVTable("a,b\n1,1\n\(cell),1\n", file: "t.csv")
        let error = #expect(throws: CSVError.self) { try table.column("a", mustBePositive: true) }
        #expect(error?.line == 3)
        #expect(error?.problem.contains(problem) == true)
    }
}

import Testing

@testable import PairsTools

@Suite struct ReportTextTests {
    @Test("Text is wrapped between words at the width, and a longer word is cut")
    func wrapped() {
        #expect(ReportText.wrapped("one two three", width: 7) == ["one two", "three"])
        #expect(ReportText.wrapped("a bcdefghij k", width: 4) == ["a", "bcde", "fghi", "j k"])
        #expect(ReportText.wrapped("", width: 4).isEmpty)
    }

    @Test("Values and meanings are in columns, also where a value is too long for its column")
    func columns() {
        var text = ReportText()
        text.figure("  key", "1.5", "what it means")
        text.figure("  key", "1% -4.1, 5% -3.5", "the levels")
        text.figure("  key", nil, "a title")
        text.figure("  key", nil, nil)
        let blanks = String(repeating: " ", count: ReportText.meaningColumn)
        #expect(
            text.lines == [
                "  key                       1.5           what it means",
                "  key                       1% -4.1, 5% -3.5",
                blanks + "the levels",
                "  key                       a title",
                "  key",
            ]
        )
    }

    @Test(
        "Numbers have six significant digits at most",
        arguments: [
            (0.1 + 0.2, "0.3"), (57_787.57, "57787.6"), (-1.0154288e-12, "-1.01543e-12"), (40, "40"),
            (1234567, "1.23457e+06"),
        ]
    )
    func digits(value: Double, text: String) {
        #expect(value.significant == text)
    }

    @Test(
        "The end of a table is a bound in text",
        arguments: [(0.0, "< 1e-20"), (9.8e-285, "< 1e-20"), (1.0, "> 0.99"), (0.25, "0.25")]
    )
    func bounds(pValue: Double, text: String) {
        #expect(ReportBound.surfaceText(pValue) == text)
        #expect(ReportBound.below.text(0.01) == "< 0.01")
        #expect(ReportBound.ofBaseRate(5) == .below && ReportBound.ofBaseRate(-3.9) == .none)
    }
}

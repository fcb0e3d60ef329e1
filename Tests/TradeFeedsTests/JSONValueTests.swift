import MarketData
import Testing

@testable import TradeFeeds

@Suite struct JSONValueTests {
    private func time(_ text: String) throws(DecodeFailure) -> Timestamp {
        let bytes = Array(text.utf8)
        return try JSONValue(kind: .string, start: 0, end: bytes.count).dateTime(in: bytes.span.bytes)
    }

    @Test(
        "times in ISO 8601 are those of the calendar",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1),
            ("2000-02-29T12:34:56Z", 951_827_696_000_000),
            ("2014-11-07T08:19:27.028459Z", 1_415_348_367_028_459),
            ("2021-04-17T16:43:30.244075Z", 1_618_677_810_244_075),
            ("2021-04-17T16:43:30.2Z", 1_618_677_810_200_000),
            ("2021-04-17T16:43:30.244075999Z", 1_618_677_810_244_075),
            ("2024-12-31T23:59:59.999999Z", 1_735_689_599_999_999), ("2100-01-01T00:00:00Z", 4_102_444_800_000_000),
        ]
    )
    func times(text: String, microseconds: Int64) throws {
        #expect(try time(text).microseconds == microseconds)
    }

    @Test("every day until the year 2100 follows the previous one")
    func days() throws {
        var expected: Int64 = 0
        for year in 1970...2099 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...days {
                    let text = "\(year)-\(String(month + 101).dropFirst())-\(String(day + 100).dropFirst())T00:00:00Z"
                    #expect(try time(text).microseconds == expected)
                    expected += 86_400_000_000
                }
            }
        }
    }

    @Test(
        "anything else is refused",
        arguments: [
            ("", DecodeFailure.malformedTime), ("2021-04-17", .malformedTime), ("2021-04-17T16:43:30", .malformedTime),
            ("2021-04-17 16:43:30Z", .malformedTime), ("2021-04-17T16:43:30+00:00", .malformedTime),
            ("2021-04-17T16:43:30.Z", .malformedTime), ("2021-04-17T16:43:30.0000000001Z", .malformedTime),
            ("2021-04-17T16:43:30Z ", .malformedTime), ("2021-4-17T16:43:30Z", .malformedTime),
            ("2021-00-17T16:43:30Z", .malformedTime), ("2021-13-17T16:43:30Z", .malformedTime),
            ("2021-02-29T16:43:30Z", .malformedTime), ("2100-02-29T16:43:30Z", .malformedTime),
            ("2021-04-00T16:43:30Z", .malformedTime), ("2021-04-31T16:43:30Z", .malformedTime),
            ("2021-04-17T24:00:00Z", .malformedTime), ("2021-04-17T23:60:00Z", .malformedTime),
            ("2021-04-17T23:59:60Z", .malformedTime), ("-021-04-17T23:59:00Z", .malformedTime),
            ("1969-12-31T23:59:59Z", .numberOutOfRange), ("2100-01-01T00:00:01Z", .numberOutOfRange),
            ("0000-01-01T00:00:00Z", .numberOutOfRange), ("9999-12-31T23:59:59Z", .numberOutOfRange),
        ]
    )
    func refused(text: String, failure: DecodeFailure) {
        #expect(throws: failure) { try time(text) }
    }
}

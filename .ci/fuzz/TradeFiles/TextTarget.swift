import Foundation
import MarketData
import TradeFeeds

/// Short texts that files, flags and names hold: numbers, times, lengths of bars, names of files and instruments. What is
/// written and read again is the same.
enum TextTarget {
    static func run(_ input: UnsafeRawBufferPointer) {
        let bytes = input.bytes
        let all = 0..<input.count
        let text = String(decoding: input, as: UTF8.self)
        checkDecimal(text)
        checkTime(bytes, all)
        if let timeframe = Timeframe(text) {
            precondition(timeframe.microseconds > 0)
            precondition(Timeframe("\(timeframe)") == timeframe, "a length of bars is not its text")
        }
        if let instrument = Instrument(text) {
            precondition(Instrument(instrument.description) == instrument, "an instrument is not its text")
        }
        for name in [FileName(text), FileName("/data/\(text).csv.gz")] {
            _ = (name.bareSymbol, name.bars, name.stem)
        }
        _ = BinanceDump.name(ofPath: text)
        _ = FileName.timeframe(text, minutes: true)
        _ = ColumnName.plain(text)
        precondition(!text.printable.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a control character is printed")
        var numbers = NumberText(mayHaveComma: true, mayHaveThousands: true)
        numbers.detectDecimalMark(from: [[text]])
        precondition(numbers.double(bytes, all)?.isFinite ?? true)
        _ = NumberText.isMissing(bytes, all)
        _ = UTF8Check.isName(bytes, all)
    }

    private static func checkDecimal(_ text: String) {
        guard let decimal = try? FixedDecimal(text) else { return }
        precondition(decimal.description == text, "a decimal is not its text")
        let value = Double(text) ?? .nan
        precondition(abs(decimal.doubleValue - value) <= value.ulp, "a decimal is not its value")
    }

    private static func checkTime(_ bytes: RawSpan, _ range: Range<Int>) {
        _ = ISO8601.timeOfDay(bytes, range)
        for time in [TimeText.time(bytes, range), TimeText.date(bytes, range)].compactMap(\.self) {
            let text = Array(ISO8601.text(time).utf8)
            guard text.count <= 27, text.first != UInt8(ascii: "-") else { continue }
            let again = ISO8601(text.span.bytes, 0..<text.count)?.microseconds
            precondition(again == time.microseconds, "a time is not its text")
        }
    }
}

import MarketData
import TradeFeeds

/// The lines of a table: its header is found, and every row gives a record or a bar within bounds, or a fault.
enum RowTarget {
    static func run(_ input: UnsafeRawBufferPointer) {
        let start = FileStart(lines: input.split(separator: UInt8(ascii: "\n"), maxSplits: 8))
        // Finding the header is most of the work, and differs between the two.
        if input.count.isMultiple(of: 2) { checkTrades(start) } else { checkBars(start) }
    }

    private static func checkTrades(_ start: FileStart) {
        guard let header = TableHeader(start, isWanted: TradeRowDecoder.isHeader),
            var decoder = try? TradeRowDecoder(header: header, start: start, path: "trades.csv", symbolIsKnown: true)
        else { return }
        for line in start.lines where line.number > header.lastLine {
            do throws(RowFault) {
                let record = try decoder.record(in: line.bytes.span.bytes)
                precondition(record.time.microseconds >= 0)
                for range in [record.symbol, record.venue, record.stream] {
                    precondition(range.lowerBound >= 0 && range.upperBound <= line.bytes.count)
                }
                for decimal in [record.price, record.quantity].compactMap(\.self) {
                    precondition((try? FixedDecimal(decimal.description)) == decimal, "a decimal is not its text")
                }
            } catch {
                precondition(!error.problem.isEmpty)
            }
        }
    }

    private static func checkBars(_ start: FileStart) {
        guard let header = BarSource.header(start), let columns = BarColumns(header: header, start: start) else {
            return
        }
        var splitter = FieldSplitter(header: header)
        var numbers = header.numbers
        for line in start.lines where line.number > header.lastLine {
            let bytes = line.bytes.span.bytes
            do throws(RowFault) {
                try splitter.splitRow(bytes)
                precondition(splitter.fields.allSatisfy { $0.upperBound <= line.bytes.count })
                let row = try columns.row(splitter.fields, in: bytes, numbers: &numbers)
                precondition(row.time.microseconds >= 0)
                guard let prices = row.prices else { continue }
                precondition(prices.low > 0 && prices.high.isFinite && prices.volume >= 0 && prices.trades >= 0)
                precondition(prices.low <= min(prices.open, prices.close))
                precondition(prices.high >= max(prices.open, prices.close))
            } catch {
                precondition(!error.problem.isEmpty)
            }
        }
    }
}

extension FileStart {
    /// The start of a file whose lines have been read.
    fileprivate init(lines pieces: [Slice<UnsafeRawBufferPointer>]) {
        let numbered = pieces.enumerated().map { Line(number: $0 + 1, bytes: Array($1)) }
        lines = Array(numbered.filter { TableReader.isRow($0.bytes.span.bytes) }.prefix(8))
        comment = numbered.first { $0.bytes.first == UInt8(ascii: "#") }
    }
}

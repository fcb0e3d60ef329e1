import MarketData
import TradeFeeds

/// The columns of a table of bars.
struct BarColumns {
    /// The values of a row; a missing value is nil.
    struct Row {
        let time: Timestamp
        /// The positions of the venue and the symbol in the line.
        let venue: Range<Int>?
        let symbol: Range<Int>?
        let timeframe: Timeframe?
        let state: BarState
        let prices: BarPrices?
    }

    let header: TableHeader
    private let time: TimeColumn
    private let open: Int
    private let high: Int
    private let low: Int
    private let close: Int
    private let volume: Int?
    private let trades: Int?
    private let venue: Int?
    private let symbol: Int?
    private let timeframe: Int?
    private let state: Int?

    /// Whether rows name their symbol.
    var hasSymbols: Bool { symbol != nil }
    /// Whether rows state the length of their bars.
    var hasTimeframes: Bool { timeframe != nil }
    /// The ticker of all columns in a header of several lines.
    let ticker: String?

    /// Whether a line with these plain names is the header of a table of bars.
    static func isHeader(_ names: Set<String>) -> Bool {
        [ColumnName.time, .open, .high, .low, .close].allSatisfy { !names.isDisjoint(with: $0.names) }
    }

    /// Finds the columns; nil when the header is not one of bars.
    init?(header: TableHeader, start: FileStart) {
        guard let time = TimeColumn(header, start), let open = header.position(of: .open),
            let high = header.position(of: .high), let low = header.position(of: .low),
            let close = header.position(of: .close)
        else { return nil }
        self.header = header
        (self.time, self.open, self.high, self.low, self.close) = (time, open, high, low, close)
        // With several volumes, the first is in the base unit, as in `Volume BTC`, `Volume USDT`.
        volume =
            header.position(of: .volume)
            ?? header.columns.firstIndex { ColumnName.plain($0.name).hasPrefix("volume") }
        trades = header.position(of: .trades)
        venue = header.position(of: .venue)
        symbol = header.position(of: .symbol)
        timeframe = header.position(of: .timeframe)
        state = header.position(of: .state)
        let tickers = Set(header.columns.dropFirst().map(\.ticker))
        ticker = tickers.count == 1 ? tickers.first ?? nil : nil
    }

    /// Reads a row.
    func row(
        _ cells: [Range<Int>],
        in line: RawSpan,
        numbers: inout NumberText
    ) throws(RowFault) -> Row {
        guard let moment = time.time(cells, in: line) else {
            throw header.fault(.time, time.position, cells, line, TimeText.rule)
        }
        var length: Timeframe?
        if let timeframe, !cells[timeframe].isEmpty {
            length = FileName.timeframe(FieldSplitter.text(line, cells[timeframe]))
            if length == nil { throw header.fault(.name, timeframe, cells, line, "a bar length such as 1m") }
        }
        if let symbol, cells[symbol].isEmpty { throw header.fault(.name, symbol, cells, line, "the symbol of the bar") }
        for name in [venue, symbol].compactMap(\.self) where !UTF8Check.isName(line, cells[name]) {
            throw header.fault(.text, name, cells, line, RowFault.nameRule)
        }
        let isBlank = [open, high, low, close].allSatisfy { NumberText.isMissing(line, cells[$0]) }
        let state = isBlank ? .gap : try state(cells, line)
        return Row(
            time: moment,
            venue: venue.flatMap { cells[$0].isEmpty ? nil : cells[$0] },
            symbol: symbol.map { cells[$0] },
            timeframe: length,
            state: state,
            prices: state == .gap ? nil : try prices(cells, line, &numbers)
        )
    }

    private func state(_ cells: [Range<Int>], _ line: RawSpan) throws(RowFault) -> BarState {
        guard let state, !cells[state].isEmpty else { return .traded }
        switch FieldSplitter.text(line, cells[state]) {
        case "traded": return .traded
        case "carried": return .carried
        case "gap": return .gap
        default: throw header.fault(.name, state, cells, line, "traded, carried or gap")
        }
    }

    private func prices(
        _ cells: [Range<Int>],
        _ line: RawSpan,
        _ numbers: inout NumberText
    ) throws(RowFault) -> BarPrices {
        let open = try price(open, cells, line, &numbers)
        let high = try price(high, cells, line, &numbers)
        let low = try price(low, cells, line, &numbers)
        let close = try price(close, cells, line, &numbers)
        let least = min(open, close)
        let greatest = max(open, close)
        guard low <= least + Self.rounding * least.ulp, high >= greatest - Self.rounding * greatest.ulp else {
            throw RowFault(
                .bar,
                "open \(open), high \(high), low \(low) and close \(close) contradict each other; the high must be the "
                    + "greatest and the low the least"
            )
        }
        var amount = 0.0
        if let volume, !NumberText.isMissing(line, cells[volume]) {
            guard let number = numbers.double(line, cells[volume]), number >= 0 else {
                throw header.fault(.quantity, volume, cells, line, "\(NumberText.rule), not negative")
            }
            amount = number
        }
        var count = 0
        if let trades, !NumberText.isMissing(line, cells[trades]) {
            guard let number = numbers.double(line, cells[trades]).flatMap({ Int(exactly: $0) }), number >= 0 else {
                throw header.fault(.quantity, trades, cells, line, "a number of trades")
            }
            count = number
        }
        return BarPrices(
            open: open,
            high: max(high, greatest),
            low: min(low, least),
            close: close,
            volume: amount,
            trades: count
        )
    }

    /// The greatest number of rounding steps by which a low may be above the close, because sources that adjust prices
    /// round each of them separately.
    private static let rounding = 4.0

    private func price(
        _ column: Int,
        _ cells: [Range<Int>],
        _ line: RawSpan,
        _ numbers: inout NumberText
    ) throws(RowFault) -> Double {
        guard let price = numbers.double(line, cells[column]) else {
            throw header.fault(.price, column, cells, line, NumberText.rule)
        }
        guard price > 0 else {
            let name = header.columns[column].name
            throw RowFault(.price, "\(name) is \(price), not positive; prices of bars must be above zero")
        }
        return price
    }
}

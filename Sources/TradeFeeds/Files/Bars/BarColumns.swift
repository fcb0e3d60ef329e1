import MarketData

/// The columns of a CSV of bars, by the names in its header.
struct BarColumns {
    /// Why a line gives no bar.
    struct Problem: Error {
        let text: String

        init(_ text: String) {
            self.text = text
        }
    }

    /// One line.
    struct Row {
        let time: Timestamp
        let venue: String?
        let symbol: String?
        let timeframe: Timeframe?
        let state: BarState
        let prices: BarPrices?

        /// The bar; its time must be that of a bar's opening.
        func bar(of instrument: InstrumentID, timeframe: Timeframe) throws(Problem) -> Bar {
            let slot = timeframe.slot(of: time)
            guard timeframe.openTime(of: slot) == time else {
                throw Problem("\(time.microseconds) µs is no opening of a bar of \(timeframe)")
            }
            return Bar(
                instrument: instrument,
                timeframe: timeframe,
                slot: slot,
                state: state,
                origin: .klines,
                prices: prices
            )
        }
    }

    static let required = ["open_time", "open", "high", "low", "close"]
    private static let timeNames = ["open_time", "open_ts", "time", "timestamp", "ts"]
    /// What a name of the time may end with, and the microseconds of its unit; without, magnitude tells.
    private static let units: [(suffix: String, microseconds: Int64?)] = [("_us", 1), ("_ms", 1_000), ("", nil)]

    private let count: Int
    private let positions: [String: Int]
    private let time: Int
    private let timeUnit: Int64?

    /// Reads the header; nil when it is not one of bars.
    init?(header: String) {
        let names = Self.fields(header).map { $0.lowercased() }
        positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let positions = positions
        let times = Self.units.flatMap { unit in
            Self.timeNames.compactMap { name in positions[name + unit.suffix].map { ($0, unit.microseconds) } }
        }
        guard let time = times.first, ["open", "high", "low", "close"].allSatisfy({ positions[$0] != nil }) else {
            return nil
        }
        (self.time, timeUnit) = time
        count = names.count
    }

    /// Reads a line.
    func row(_ line: String) throws(Problem) -> Row {
        let fields = Self.fields(line)
        guard fields.count == count else { throw Problem("it has \(fields.count) fields, the header has \(count)") }
        guard let number = Int64(fields[time]), number >= 0, let moment = moment(number),
            moment <= TradeRecord.latestTime
        else {
            throw Problem("\"\(fields[time])\" is no time in seconds, milliseconds or microseconds since 1970")
        }
        let label = text("timeframe", fields)
        let timeframe = label.flatMap(Timeframe.init)
        if let label, timeframe == nil { throw Problem("\"\(label)\" is no bar length such as 1m") }
        let state = try state(fields)
        return Row(
            time: moment,
            venue: text("venue", fields),
            symbol: text("symbol", fields),
            timeframe: timeframe,
            state: state,
            prices: state == .gap ? nil : try prices(fields)
        )
    }

    private func state(_ fields: [Substring]) throws(Problem) -> BarState {
        switch text("state", fields) {
        case nil, "traded": return .traded
        case "carried": return .carried
        case "gap": return .gap
        case let other?: throw Problem("\"\(other)\" is no state; traded, carried or gap are")
        }
    }

    private func prices(_ fields: [Substring]) throws(Problem) -> BarPrices {
        let open = try number("open", fields)
        let high = try number("high", fields)
        let low = try number("low", fields)
        let close = try number("close", fields)
        guard low > 0, low <= min(open, close), high >= max(open, close) else {
            throw Problem("\(open), \(high), \(low), \(close) are not open, high, low and close of a bar")
        }
        let volume = text("volume", fields) == nil ? 0 : try number("volume", fields)
        let trades = text("trades", fields) ?? text("count", fields) ?? "0"
        guard volume >= 0, let trades = Int(trades), trades >= 0 else {
            throw Problem("volume and trades must not be negative")
        }
        return BarPrices(open: open, high: high, low: low, close: close, volume: volume, trades: trades)
    }

    private func number(_ name: String, _ fields: [Substring]) throws(Problem) -> Double {
        let text = text(name, fields) ?? ""
        guard let number = Double(text), number.isFinite else {
            throw Problem("\(name) must be a number, found \"\(text)\"")
        }
        return number
    }

    private func text(_ name: String, _ fields: [Substring]) -> String? {
        guard let position = positions[name], !fields[position].isEmpty else { return nil }
        return String(fields[position])
    }

    /// Seconds end in 5138 where milliseconds begin in 1973.
    private func moment(_ number: Int64) -> Timestamp? {
        if let timeUnit {
            let (time, overflow) = number.multipliedReportingOverflow(by: timeUnit)
            return overflow ? nil : Timestamp(microseconds: time)
        }
        if number < 100_000_000_000 { return Timestamp(microseconds: number * 1_000_000) }
        return TradeRecord.time(ofUnknownUnit: number)
    }

    /// Fields without the quotes around them; no name or number of a bar has a comma in it.
    private static func fields(_ line: String) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { field in
            let trimmed = field.drop { $0 == " " || $0 == "\"" }
            return trimmed.prefix(
                upTo: trimmed.lastIndex { $0 != " " && $0 != "\"" }.map(trimmed.index(after:)) ?? trimmed.startIndex
            )
        }
    }
}

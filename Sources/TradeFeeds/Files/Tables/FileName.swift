package import MarketData

/// What a file's name states of its rows.
package struct FileName {
    /// The name without folders and endings.
    package let stem: String

    private static let endings = [".gz", ".zip", ".xz", ".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"]

    package init(_ path: String) {
        var stem = path.split(separator: "/").last ?? ""
        while let ending = Self.endings.first(where: { stem.lowercased().hasSuffix($0) }) {
            stem = stem.dropLast(ending.count)
        }
        self.stem = String(stem)
    }

    /// The symbol of a file that is named after it alone, such as Kraken's `XBTUSD.csv`.
    package var bareSymbol: String? {
        stem.count >= 5 && stem.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
            ? stem : nil
    }

    /// The symbol and the length of the bars in names such as `ADABTC-1m-2021-11-27`, `BINANCE_BTCUSDT, 60`,
    /// `XBTUSD_1440`, `BTC_USDT-1h` and `Binance_BTCUSDT_1h`.
    package var bars: (symbol: String?, timeframe: Timeframe?) {
        if let comma = stem.firstIndex(of: ",") {
            let words = stem[..<comma].split(separator: "_", maxSplits: 1)
            let label = stem[stem.index(after: comma)...].prefix { $0 != "_" }
            return (words.last.map(String.init), Self.timeframe(label.filter { $0 != " " }, minutes: true))
        }
        let dashed = stem.split(separator: "-", omittingEmptySubsequences: false)
        if dashed.count >= 2, let timeframe = Self.timeframe(String(dashed[1])) {
            return (String(dashed[0]), timeframe)
        }
        let words = stem.split(separator: "_")
        if let last = words.last, words.count >= 2, let timeframe = Self.timeframe(String(last), minutes: true) {
            // Of more words it is not clear which one is the symbol.
            return (words.count == 2 ? FileName(String(words[0])).bareSymbol : nil, timeframe)
        }
        return (nil, nil)
    }

    /// A length such as `1m`, `4h`, `1D` or `1w`; with `minutes` also a number of minutes, `D`, `minute`, `hour`, `day`.
    package static func timeframe(_ label: String, minutes: Bool = false) -> Timeframe? {
        if let timeframe = Timeframe(label.hasSuffix("M") ? "" : label.lowercased()) { return timeframe }
        if label.lowercased() == "1w" { return Timeframe("7d") }
        guard minutes else { return nil }
        switch label.lowercased() {
        case "d", "day", "daily": return Timeframe("1d")
        case "minute": return Timeframe("1m")
        case "hour", "h": return Timeframe("1h")
        default:
            guard let count = Int(label), count > 0 else { return nil }
            let unit = count % 1440 == 0 ? (count / 1440, "d") : count % 60 == 0 ? (count / 60, "h") : (count, "m")
            return Timeframe("\(unit.0)\(unit.1)")
        }
    }
}

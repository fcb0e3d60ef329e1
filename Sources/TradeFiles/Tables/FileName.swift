package import MarketData

/// The symbol and bar length in a file's name.
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

    /// The symbol in a name without other parts, such as Kraken's `XBTUSD.csv`; nil for other names.
    package var bareSymbol: String? {
        stem.count >= 5 && stem.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
            ? stem : nil
    }

    /// Whether a part of a name is a symbol; the first parts of `my-trades` and `klines-1m` are not.
    static func isSymbol(_ word: some StringProtocol) -> Bool {
        !word.isEmpty && !word.contains { $0.isLowercase || $0.isWhitespace }
    }

    /// The problem of a file whose name states another symbol than the option `--symbol`; nil for two forms of the same
    /// symbol.
    static func contradiction(_ stated: String?, _ option: String?) -> String? {
        guard let stated, let option else { return nil }
        let plain = [stated, option].map(ColumnName.plain)
        if plain[0].hasPrefix(plain[1]) || plain[1].hasPrefix(plain[0]) { return nil }
        return "its name states \(stated), and --symbol states \(option); rename the file, or leave --symbol out"
    }

    /// The symbol and the length of the bars in names such as `ADABTC-1m-2021-11-27`, `BINANCE_BTCUSDT, 60`,
    /// `XBTUSD_1440`, `BTC_USDT-1h` and `Binance_BTCUSDT_1h`.
    package var bars: (symbol: String?, timeframe: Timeframe?) {
        if let comma = stem.firstIndex(of: ",") {
            let parts = stem[..<comma].split(separator: "_", maxSplits: 1)
            let label = stem[stem.index(after: comma)...].prefix { $0 != "_" }
            let timeframe = Self.timeframe(label.filter { $0 != " " }, minutes: true)
            return (parts.last.flatMap { Self.isSymbol($0) ? String($0) : nil }, timeframe)
        }
        let dashed = stem.split(separator: "-", omittingEmptySubsequences: false)
        if dashed.count >= 2, let timeframe = Self.timeframe(String(dashed[1])) {
            return (Self.isSymbol(dashed[0]) ? String(dashed[0]) : nil, timeframe)
        }
        let parts = stem.split(separator: "_")
        if let last = parts.last, parts.count >= 2, let timeframe = Self.timeframe(String(last), minutes: true) {
            // With more parts it is not clear which one is the symbol.
            let symbol = parts.count == 2 ? FileName(String(parts[0])).bareSymbol : nil
            // A number without a symbol may be the number of a part, as in `bars_1`.
            return symbol == nil && Int(last) != nil ? (nil, nil) : (symbol, timeframe)
        }
        return (nil, nil)
    }

    /// A length such as `1m`, `4h`, `1D` or `1w`; with `minutes` also a number of minutes, `D`, `minute`, `hour` or
    /// `day`.
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

package import MarketData
import PairEngine

/// One pair of the configuration.
package struct PairConfiguration: Sendable {
    /// The value of the label `pair`.
    package internal(set) var name: String
    /// The leg that is explained.
    package let y: Instrument
    /// The leg that explains.
    package let x: Instrument
    /// The defaults with this pair's overrides.
    package internal(set) var settings: PairSettings
    /// The line of the pair in its file.
    let line: Int?

    init(name: String, y: Instrument, x: Instrument, settings: PairSettings, line: Int?) {
        self.name = name
        self.y = y
        self.x = x
        self.settings = settings
        self.line = line
    }

    init(_ node: ConfigurationNode, defaults: PairSettings) throws(ConfigurationError) {
        let entries = try node.mapping(["y", "x", "name", "export"] + PairSettings.keys)
        y = try Self.instrument("y", entries, node)
        x = try Self.instrument("x", entries, node)
        if y == x { throw node.error("y and x are both \(y); a pair needs two instruments") }
        settings = defaults
        try settings.read(entries)
        if let node = try entries["alerts"]?.mapping(AlertSettings.keys)["timeframes"] {
            try Self.check(settings.alerts.timeframes, among: settings.timeframes, at: node)
        }
        if let node = entries["export"] { settings.export = try node.choice() }
        line = node.line
        name = ""
        if let node = entries["name"] {
            name = try node.string()
            guard Self.isName(name) else {
                throw node.error("may have letters, digits, dots, dashes and underscores only, found \"\(name)\"")
            }
        }
    }

    /// Refuses a bar length that may alert and that no reading has: it is a typing mistake.
    static func check(
        _ alerting: [Timeframe],
        among watched: some Collection<Timeframe>,
        at node: ConfigurationNode
    ) throws(ConfigurationError) {
        guard let missing = alerting.first(where: { !watched.contains($0) }) else { return }
        let names = Set(watched).sorted().map(\.label).joined(separator: ", ")
        throw node.error("\(missing.label) is not among the timeframes of bars: \(names)")
    }

    /// Gives every pair without a name its default: the symbols, with the venues where those alone are not unique.
    static func nameUnnamed(_ pairs: inout [PairConfiguration]) {
        let short = pairs.map { $0.name.isEmpty ? "\(plain($0.y.symbol))-\(plain($0.x.symbol))" : $0.name }
        let counts = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
        for index in pairs.indices where pairs[index].name.isEmpty {
            let (y, x) = (pairs[index].y, pairs[index].x)
            let isUnique = counts[short[index]] == 1
            let long = "\(y.venue).\(plain(y.symbol))-\(x.venue).\(plain(x.symbol))"
            pairs[index].name = isUnique ? short[index] : long
        }
    }

    /// Whether a text may be the value of the label `pair`.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy(isNameCharacter)
    }

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    /// A symbol in the form of a name: a slash is replaced by a dash, and each other character that a name may not have
    /// by its code, such as u5E01 for U+5E01.
    private static func plain(_ symbol: String) -> String {
        symbol.unicodeScalars.map { scalar in
            if isNameCharacter(scalar) { return String(scalar) }
            return scalar == "/" ? "-" : "u" + String(scalar.value, radix: 16, uppercase: true)
        }.joined()
    }

    private static func instrument(
        _ key: String,
        _ entries: [String: ConfigurationNode],
        _ node: ConfigurationNode
    ) throws(ConfigurationError) -> Instrument {
        guard let value = entries[key] else {
            throw node.error("\(key) is missing; write \(key): venue:SYMBOL")
        }
        let text = try value.string()
        guard let instrument = Instrument(text) else {
            throw value.error("must be venue:SYMBOL, such as binance-usdm:ETHUSDT, found \"\(text)\"")
        }
        return instrument
    }
}

/// The form of a venue's symbols, as far as a wrong one can be detected and corrected without the venue's listing.
struct SymbolRule: Sendable {
    /// Quote currencies at the end of a symbol without a separator, longer ones first.
    private static let quotes = ["FDUSD", "USDT", "USDC", "USD", "EUR", "BTC", "ETH"]

    /// Returns why the separators of a symbol are wrong, and a correction; nil where they are right.
    let separatorProblem: @Sendable (_ symbol: String, _ example: String) -> String?

    /// Symbols without dashes.
    /// - Parameter name: the venue's name in messages.
    static func withoutDashes(_ name: String) -> SymbolRule {
        SymbolRule { symbol, _ in
            guard symbol.contains("-") else { return nil }
            return "\(name) writes its symbols without dashes: \(symbol.filter { $0 != "-" })"
        }
    }

    /// Symbols with a separator between the currencies.
    /// - Parameters:
    ///   - separator: the separator.
    ///   - noun: the separator in words, as `\(name) writes its symbols with \(noun)`.
    ///   - suffixes: what may follow the quote currency, for corrections.
    ///   - name: the venue's name in messages.
    static func separated(
        by separator: Character,
        _ noun: String,
        suffixes: [String] = [""],
        _ name: String
    ) -> SymbolRule {
        SymbolRule { symbol, example in
            guard !symbol.contains(separator) else { return nil }
            let corrections = quotes.first { symbol.hasSuffix($0) && symbol.count > $0.count }
                .map { quote in suffixes.map { "\(symbol.dropLast(quote.count))\(separator)\(quote)\($0)" } }
            return "\(name) writes its symbols with \(noun): "
                + (corrections?.joined(separator: " or ") ?? example)
        }
    }

    /// Why a text cannot be a symbol, and a correction; nil for a possible symbol.
    func problem(of symbol: String, example: String) -> String? {
        guard symbol == symbol.uppercased() else {
            return "the venue writes its symbols in capitals: \(symbol.uppercased())"
        }
        if let problem = separatorProblem(symbol, example) { return problem }
        let isPlain = symbol.unicodeScalars.allSatisfy { scalar in
            let properties = scalar.properties
            return properties.isAlphabetic || properties.numericType != nil || "-_.".unicodeScalars.contains(scalar)
        }
        guard isPlain, !symbol.hasPrefix("-"), !symbol.hasSuffix("-") else {
            return "no symbol of a venue looks like this; write one such as \(example)"
        }
        return nil
    }
}

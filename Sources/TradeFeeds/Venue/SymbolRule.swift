/// The form of a venue's symbols, as far as a wrong one can be detected and corrected without the venue's listing.
struct SymbolRule: Sendable {
    /// Quote currencies at the end of a symbol without a separator, longer ones first.
    private static let quotes = ["FDUSD", "USDT", "USDC", "USD", "EUR", "BTC", "ETH"]

    /// Why a text cannot be a symbol, and a correction; nil for a possible symbol.
    let problem: @Sendable (_ symbol: String, _ example: String) -> String?

    /// Symbols without dashes.
    /// - Parameters:
    ///   - name: the venue's name in messages.
    ///   - allowed: what may follow a dash.
    static func withoutDashes(
        _ name: String,
        except allowed: @escaping @Sendable (_ suffix: Substring) -> Bool = { _ in false }
    ) -> SymbolRule {
        inCapitals { symbol, _ in
            let parts = symbol.split(separator: "-", omittingEmptySubsequences: false)
            guard let suffix = parts.dropFirst().last, !allowed(suffix) else { return nil }
            return "\(name) writes its symbols without dashes: \(parts.filter { $0 != "SWAP" }.joined())"
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
        inCapitals { symbol, example in
            guard !symbol.contains(separator) else { return nil }
            let corrections = corrections(symbol, separator, suffixes: suffixes) ?? example
            return "\(name) writes its symbols with \(noun): \(corrections)"
        }
    }

    /// Whether a text is a quote currency.
    static func isQuote(_ text: some StringProtocol) -> Bool { quotes.contains { $0 == text } }

    /// The symbols with a separator that correspond to a symbol without one; nil where it ends with no quote currency.
    static func corrections(_ symbol: String, _ separator: Character, suffixes: [String] = [""]) -> String? {
        quotes.first { symbol.hasSuffix($0) && symbol.count > $0.count }.map { quote in
            suffixes.map { "\(symbol.dropLast(quote.count))\(separator)\(quote)\($0)" }.joined(separator: " or ")
        }
    }

    /// Capitals, figures, dashes, underscores and dots.
    private static func inCapitals(
        _ separatorProblem: @escaping @Sendable (_ symbol: String, _ example: String) -> String?
    ) -> SymbolRule {
        SymbolRule { symbol, example in
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
}

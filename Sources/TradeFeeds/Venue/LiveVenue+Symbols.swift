extension LiveVenue {
    /// Quote currencies at the end of a symbol without a dash, longer ones first.
    private static let quotes = ["FDUSD", "USDT", "USDC", "USD", "EUR", "BTC", "ETH"]

    /// Why a text cannot be a symbol of this venue, and a correction; nil for a possible symbol.
    package func problem(ofSymbol symbol: String) -> String? {
        // Kraken's names of tokenized shares, such as AAPLx/USD, have one small letter.
        guard self == .kraken ? symbol != symbol.lowercased() : symbol == symbol.uppercased() else {
            return "the venue writes its symbols in capitals: \(symbol.uppercased())"
        }
        let hasDash = symbol.contains("-")
        switch self {
        case .binanceUSDM, .binanceSpot:
            if hasDash { return "Binance writes its symbols without dashes: \(symbol.filter { $0 != "-" })" }
        case .okx:
            if !hasDash { return "OKX writes its symbols with dashes: \(dashed(symbol, suffixes: ["", "-SWAP"]))" }
        case .coinbase:
            if !hasDash { return "Coinbase writes its symbols with a dash: \(dashed(symbol, suffixes: [""]))" }
        case .bybit:
            // Futures have a date after a dash: BTCUSDT-26DEC25.
            if let end = symbol.split(separator: "-").dropFirst().last, end == "SWAP" || Self.quotes.contains("\(end)")
            {
                let plain = symbol.split(separator: "-").filter { $0 != "SWAP" }.joined()
                return "Bybit writes its symbols without dashes: \(plain)"
            }
        case .kraken:
            return problem(ofPair: symbol)
        }
        let isPlain = symbol.unicodeScalars.allSatisfy { scalar in
            let properties = scalar.properties
            return properties.isAlphabetic || properties.numericType != nil || "-_.".unicodeScalars.contains(scalar)
        }
        guard isPlain, !symbol.hasPrefix("-"), !symbol.hasSuffix("-") else {
            return "no symbol of a venue looks like this; write one such as \(etherAndBitcoin.bitcoin)"
        }
        return nil
    }

    /// Why a text cannot be a pair of Kraken.
    private func problem(ofPair symbol: String) -> String? {
        let parts = symbol.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty
                && part.unicodeScalars.allSatisfy {
                    $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == ".")
                }
        }
        guard parts.count == 2, isPlain else {
            let pair = dashed(symbol.filter { $0 != "-" && $0 != "/" }, suffixes: [""]).replacing("-", with: "/")
            return "Kraken writes its symbols with a slash: \(pair)"
        }
        // WebSocket v2 has no pair with the old code.
        guard !parts.contains("XBT") else {
            return "Kraken's code of bitcoin is BTC: \(parts.map { $0 == "XBT" ? "BTC" : $0 }.joined(separator: "/"))"
        }
        return nil
    }

    /// Symbols with dashes that correspond to a symbol without a dash.
    private func dashed(_ symbol: String, suffixes: [String]) -> String {
        guard let quote = Self.quotes.first(where: { symbol.hasSuffix($0) && symbol.count > $0.count }) else {
            return etherAndBitcoin.bitcoin
        }
        return suffixes.map { "\(symbol.dropLast(quote.count))-\(quote)\($0)" }.joined(separator: " or ")
    }
}

extension LiveVenue {
    /// Quote currencies at the end of a symbol without a dash, longer ones first.
    private static let quotes = ["FDUSD", "USDT", "USDC", "USD", "EUR", "BTC", "ETH"]

    /// Why a text cannot be a symbol of this venue, and a correction; nil for a possible symbol.
    package func problem(ofSymbol symbol: String) -> String? {
        guard symbol == symbol.uppercased() else {
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

    /// Symbols with dashes that correspond to a symbol without a dash.
    private func dashed(_ symbol: String, suffixes: [String]) -> String {
        guard let quote = Self.quotes.first(where: { symbol.hasSuffix($0) && symbol.count > $0.count }) else {
            return etherAndBitcoin.bitcoin
        }
        return suffixes.map { "\(symbol.dropLast(quote.count))-\(quote)\($0)" }.joined(separator: " or ")
    }
}

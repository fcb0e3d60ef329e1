extension String {
    /// The first control character or line break of the text as messages write it, such as U+000A; nil where there is
    /// none.
    package var firstControlCharacter: String? {
        let found = unicodeScalars.first { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        guard let found else { return nil }
        let figures = String(found.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - figures.count)) + figures
    }

    /// The beginning of the text, for messages.
    package var excerpt: String {
        let limit = 80
        return count > limit ? prefix(limit) + "…" : self
    }
}

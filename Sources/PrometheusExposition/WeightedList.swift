/// A header such as `Accept` or `Accept-Encoding`: values with parameters and a quality (RFC 9110, section 12.4.2).
package struct WeightedList: Sendable {
    /// One value of the list.
    package struct Element: Sendable {
        /// The value in lower case, such as `text/plain` or `gzip`.
        package let value: String
        /// From 0, not acceptable, to 1, where no `q` is given.
        package let quality: Double

        private let parameters: [(name: String, value: String)]

        /// The value of a parameter, by its name in lower case.
        package func parameter(_ name: String) -> String? {
            parameters.first { $0.name == name }?.value
        }

        /// Reads one element; `nil` where it is empty or its quality is not a number from 0 to 1.
        init?(_ text: Substring) {
            let parts = WeightedList.split(text, at: ";").map(WeightedList.trimmed)
            guard let first = parts.first, !first.isEmpty else { return nil }
            value = first.lowercased()
            var quality = 1.0
            var parameters: [(name: String, value: String)] = []
            for part in parts.dropFirst() {
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2 else { continue }
                let name = WeightedList.trimmed(sides[0]).lowercased()
                let argument = WeightedList.unquoted(WeightedList.trimmed(sides[1]))
                if name == "q" {
                    guard let number = Double(argument), (0...1).contains(number) else { return nil }
                    quality = number
                } else {
                    parameters.append((name, argument))
                }
            }
            self.quality = quality
            self.parameters = parameters
        }
    }

    /// The readable elements in the order of the header.
    package let elements: [Element]

    /// Reads a header's value; elements that cannot be read are left out.
    package init(_ header: String) {
        elements = Self.split(header[...], at: ",").compactMap(Element.init)
    }

    /// Splits outside of quoted strings.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return text[first...last]
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}

import Foundation

/// Extracts a venue's message about a request in a form that fits into one line of the log.
enum VenueErrorText {
    /// The greatest number of bytes of a body that are read.
    static let longestBody = 4096
    private static let longest = 160
    private static let messageKeys = ["message", "msg", "reason", "error", "sMsg", "ret_msg", "retMsg"]
    private static let codeKeys = ["code", "sCode", "retCode"]

    /// The messages of a JSON object with its code in parentheses, HTML without its tags, or else the plain text: on
    /// one line, printable and short; nil for an empty text.
    static func text(of body: some Sequence<UInt8>) -> String? {
        let bytes = Array(body.prefix(longestBody))
        if let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] {
            let message = shortened(messages(in: object).joined(separator: ": "))
            let code = shortened(codeKeys.compactMap { scalar(object[$0]) }.first ?? "")
            if !message.isEmpty { return code.isEmpty ? message : "\(message) (\(code))" }
        }
        let text = shortened(withoutTags(String(decoding: bytes, as: UTF8.self)))
        return text.isEmpty ? nil : text
    }

    /// Whether an error is about the rate of requests, so that the same request may succeed later.
    static func isAboutPace(_ errorText: String) -> Bool {
        let text = errorText.lowercased()
        return ["too frequent", "too many", "rate limit", "too fast"].contains { text.contains($0) }
    }

    private static func messages(in object: [String: Any]) -> [String] {
        messageKeys.flatMap { key -> [String] in
            // Binance wraps code and message of a refused request in an object.
            if let inner = object[key] as? [String: Any] {
                return messageKeys.compactMap { scalar(inner[$0]) } + codeKeys.compactMap { scalar(inner[$0]) }
            }
            if let texts = object[key] as? [Any] { return texts.compactMap { scalar($0) } }
            return scalar(object[key]).map { [$0] } ?? []
        }
    }

    private static func scalar(_ value: Any?) -> String? {
        switch value {
        case let text as String: text.isEmpty ? nil : text
        case let number as NSNumber: number.stringValue
        default: nil
        }
    }

    private static func withoutTags(_ text: String) -> String {
        var result = ""
        var isInTag = false
        for character in text {
            switch character {
            case "<": isInTag = true
            case ">" where isInTag:
                isInTag = false
                result.append(" ")
            default: if !isInTag { result.append(character) }
            }
        }
        // A lone "<" is no tag.
        return isInTag && result.isEmpty ? text : result
    }

    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").printable
        return line.count > longest ? line.prefix(longest) + "…" : line
    }
}

import Foundation

/// A user and a password as basic authentication sends them (RFC 7617).
struct Credentials: Sendable, Hashable {
    let user: String
    let password: String

    /// Reads the value of an `Authorization` header; nil for any other scheme.
    init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let data = Data(base64Encoded: String(parts[1])), let text = String(bytes: data, encoding: .utf8),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        user = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }
}

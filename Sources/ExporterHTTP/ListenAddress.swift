/// A listen address, written as in the Prometheus family: `:10200`, `127.0.0.1:0`, `[::1]:9100`, `localhost:10200`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// Why a text is not a listen address.
    package struct ParseError: Error, Hashable, CustomStringConvertible {
        /// The text that was refused.
        package let text: String
        /// What is wrong with it.
        package let reason: String

        /// The text, what is wrong with it and what would be right.
        package var description: String {
            "listen address \"\(text)\": \(reason); expected host:port, such as :10200, 127.0.0.1:10200 or [::1]:10200"
        }
    }

    /// A name or an address without brackets; empty for all interfaces.
    package let host: String
    /// 0 for a free port that the system chooses.
    package let port: Int

    /// An address from its parts.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = Int(port)
    }

    /// Reads `host:port`; the host may be missing, and an IPv6 address is in brackets.
    package init(parsing text: String) throws(ParseError) {
        guard let colon = text.lastIndex(of: ":") else {
            throw ParseError(text: text, reason: "there is no port")
        }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw ParseError(text: text, reason: "the port must be a number from 0 to 65535")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else {
                throw ParseError(text: text, reason: "brackets are for IPv6 addresses")
            }
        } else if host.contains(where: { $0 == ":" || $0 == "[" || $0 == "]" }) {
            throw ParseError(text: text, reason: "an IPv6 address must stand in brackets")
        } else if host.contains(where: { $0.isWhitespace || $0 == "/" }) {
            throw ParseError(text: text, reason: "the host contains a character that no host name has")
        }
        self.init(host: String(host), port: port)
    }

    /// The address in the form that ``init(parsing:)`` reads.
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

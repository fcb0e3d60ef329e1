import CCrypt

/// Passwords against bcrypt hashes, by the system's libcrypt.
package enum Bcrypt {
    /// Whether a text is a bcrypt hash: `$2y$10$` or a variant of it, 22 characters of salt and 31 of hash.
    package static func isHash(_ text: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]) else { return false }
        guard parts[2].count == 2, let cost = Int(parts[2]), (4...31).contains(cost) else { return false }
        return parts[3].count == 53
            && parts[3].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./".contains($0)) }
    }

    /// Whether a hash was made of a password. The check needs about 50 ms at cost 10, twice that at each cost above.
    static func verify(_ password: String, hash: String) -> Bool {
        // libcrypt stops at a zero byte and compares only the bytes before it.
        guard !password.utf8.contains(0) else { return false }
        var data = crypt_data()
        guard let result = crypt_r(password, hash, &data) else { return false }
        let computed = Array(String(cString: result).utf8)
        let expected = Array(hash.utf8)
        guard computed.count == expected.count else { return false }
        return zip(computed, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

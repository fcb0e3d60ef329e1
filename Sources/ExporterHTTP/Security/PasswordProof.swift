import Crypto
import Foundation

/// A code that identifies a user's password in the cache, made with a random key of this process; the password cannot
/// be computed from it. A proof belongs to one hash, so a changed password invalidates it.
struct PasswordProof: Hashable, Sendable {
    private static let key = SymmetricKey(size: .bits256)

    private let code: [UInt8]

    init(_ credentials: Credentials, hash: String) {
        var authentication = HMAC<SHA256>(key: Self.key)
        for text in [credentials.user, hash, credentials.password] {
            // The length before each text makes different pairs of texts differ in the code.
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { authentication.update(data: $0) }
            authentication.update(data: Array(text.utf8))
        }
        code = Array(authentication.finalize())
    }

    /// Compares in a time that does not depend on where two proofs differ.
    func isSame(as other: PasswordProof) -> Bool {
        zip(code, other.code).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

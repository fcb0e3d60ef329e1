import Dispatch
import Synchronization

/// Checks passwords one at a time on a thread of its own, and remembers results.
///
/// bcrypt is slow by design, so that a thousand wrong passwords must not take more than one core. An unknown user is
/// checked against the hash of a known one, so that both answers take the same time (as in exporter-toolkit, where the
/// cost of that hash is fixed).
final class PasswordCheck: Sendable {
    /// Two digests keyed by the process's random seed, so that no password stays in memory.
    private struct Key: Hashable {
        let first: Int
        let second: Int

        init(_ credentials: Credentials, hash: String) {
            func digest(_ salt: Int) -> Int {
                var hasher = Hasher()
                hasher.combine(salt)
                hasher.combine(credentials)
                hasher.combine(hash)
                return hasher.finalize()
            }
            first = digest(1)
            second = digest(2)
        }
    }

    private struct State {
        var results: [Key: Bool] = [:]
        var waiting: [Key: [CheckedContinuation<Bool, Never>]] = [:]
    }

    /// Results remembered; of more, any one is forgotten.
    private static let capacity = 100

    private let queue = DispatchQueue(label: "bcrypt")
    private let state = Mutex(State())

    /// Whether the password is the user's.
    func accepts(_ credentials: Credentials, users: [String: String]) async -> Bool {
        let known = users[credentials.user]
        guard let hash = known ?? Self.standIn(for: credentials.user, among: users) else { return false }
        let isRight = await matches(credentials, hash: hash)
        return isRight && known != nil
    }

    /// The hash of some user, always the same one for a name.
    private static func standIn(for user: String, among users: [String: String]) -> String? {
        let names = users.keys.sorted()
        return names.isEmpty ? nil : users[names[Int(user.hashValue.magnitude % UInt(names.count))]]
    }

    private func matches(_ credentials: Credentials, hash: String) async -> Bool {
        let key = Key(credentials, hash: hash)
        return await withCheckedContinuation { continuation in
            let (result, isFirst) = state.withLock { state -> (Bool?, Bool) in
                if let result = state.results[key] { return (result, false) }
                state.waiting[key, default: []].append(continuation)
                return (nil, state.waiting[key]?.count == 1)
            }
            if let result { return continuation.resume(returning: result) }
            guard isFirst else { return }
            queue.async { self.finish(key, Bcrypt.verify(credentials.password, hash: hash)) }
        }
    }

    private func finish(_ key: Key, _ result: Bool) {
        let waiting = state.withLock { state in
            if state.results.count >= Self.capacity, let any = state.results.keys.randomElement() {
                state.results[any] = nil
            }
            state.results[key] = result
            return state.waiting.removeValue(forKey: key) ?? []
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }
}

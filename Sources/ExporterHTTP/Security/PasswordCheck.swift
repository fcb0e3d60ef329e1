import DequeModule
import NIOCore
import Synchronization

/// Checks passwords one at a time on a separate thread, and caches the results.
///
/// bcrypt is slow by design: a thousand wrong passwords must not use more than one core, and a client must not wait for
/// the passwords of another. So addresses are served in turn, and so are the users of one address. An unknown user is
/// checked against the hash of a configured one, so that both checks take the same time (as in exporter-toolkit, where
/// the cost of that hash is fixed).
final class PasswordCheck: Sendable {
    /// The result of a check.
    enum Answer: Sendable {
        /// The password is the user's.
        case right
        /// It is not, or there is no such user.
        case wrong
        /// The client left, or the program ends, before the password was checked.
        case abandoned
    }

    private struct Job {
        let number: Int
        let attempt: Attempt
        let continuation: CheckedContinuation<Answer, Never>
    }

    /// A password that may be the user's.
    private struct Attempt {
        let credentials: Credentials
        let hash: String
        let proof: PasswordProof
        let isKnownUser: Bool

        /// - Returns: nil where there are no users.
        init?(_ credentials: Credentials, users: [String: String]) {
            let known = users[credentials.user]
            guard let hash = known ?? PasswordCheck.substitute(for: credentials.user, among: users) else { return nil }
            self.credentials = credentials
            self.hash = hash
            proof = PasswordProof(credentials, hash: hash)
            isKnownUser = known != nil
        }

        /// The user in whose queue the password waits; unknown users share one.
        var queue: String { isKnownUser ? credentials.user : "" }
    }

    private struct State {
        /// The users of the cached results.
        var users: [String: String] = [:]
        /// The last correct password of each user.
        var right: [String: PasswordProof] = [:]
        /// Wrong passwords, also in the order of their arrival.
        var wrong: Set<PasswordProof> = []
        var wrongInOrder: Deque<PasswordProof> = []

        var waiting = FairQueue<Job>()
        /// The running job; its continuation is nil when the caller does not wait for it.
        var current: (number: Int, continuation: CheckedContinuation<Answer, Never>?)?
        var nextNumber = 0
        /// Jobs that have a number and no result.
        var open: Set<Int> = []
        /// Jobs that were abandoned before they began to wait.
        var abandoned: Set<Int> = []
    }

    /// How many wrong passwords are cached: the newest ones.
    private static let capacity = 1_000

    private let thread: any EventLoop
    private let state = Mutex(State())

    init(on thread: any EventLoop = ServingThreads.passwords) {
        self.thread = thread
    }

    /// The cached result, if there is one; removes the results of users that have changed.
    func cachedAnswer(_ credentials: Credentials, users: [String: String]) -> Answer? {
        guard let attempt = Attempt(credentials, users: users) else { return .wrong }
        return state.withLock { state in
            if state.users != users {
                let before = state.users
                state.right = state.right.filter { before[$0.key] == users[$0.key] }
                state.wrong = []
                state.wrongInOrder = []
                state.users = users
            }
            return Self.cached(attempt, state)
        }
    }

    /// Whether the password is the user's; waits until it can be checked. Ends when the task is cancelled.
    /// - Parameter address: the client's address; addresses are served in turn.
    func answer(_ credentials: Credentials, users: [String: String], from address: String) async -> Answer {
        if let known = cachedAnswer(credentials, users: users) { return known }
        guard let attempt = Attempt(credentials, users: users) else { return .wrong }
        let number = state.withLock { state in
            state.nextNumber += 1
            state.open.insert(state.nextNumber)
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(Job(number: number, attempt: attempt, continuation: continuation), from: address)
            }
        } onCancel: {
            abandon(number, attempt, from: address)
        }
    }

    /// The hash of some user, always the same one for a name.
    private static func substitute(for user: String, among users: [String: String]) -> String? {
        let names = users.keys.sorted()
        return names.isEmpty ? nil : users[names[Int(user.hashValue.magnitude % UInt(names.count))]]
    }

    private static func cached(_ attempt: Attempt, _ state: State) -> Answer? {
        if attempt.isKnownUser, state.right[attempt.credentials.user]?.isSame(as: attempt.proof) ?? false {
            return .right
        }
        return state.wrong.contains(attempt.proof) ? .wrong : nil
    }

    private func add(_ job: Job, from address: String) {
        let (isAbandoned, isFirst) = state.withLock { state in
            if state.abandoned.remove(job.number) != nil { return (true, false) }
            state.waiting.append(job, of: job.attempt.queue, from: address)
            return (false, state.current == nil)
        }
        if isAbandoned { return job.continuation.resume(returning: .abandoned) }
        if isFirst { thread.execute { self.work() } }
    }

    private func abandon(_ number: Int, _ attempt: Attempt, from address: String) {
        let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            guard state.open.remove(number) != nil else { return nil }
            if state.current?.number == number { return state.current?.continuation.take() }
            let job = state.waiting.remove(of: attempt.queue, from: address) { $0.number == number }
            if job == nil { state.abandoned.insert(number) }
            return job?.continuation
        }
        continuation?.resume(returning: .abandoned)
    }

    /// Checks the next password, and schedules the one after it.
    private func work() {
        let job = state.withLock { state -> Job? in
            guard state.current == nil, let job = state.waiting.popFirst() else { return nil }
            state.current = (job.number, job.continuation)
            return job
        }
        guard let job else { return }
        let attempt = job.attempt
        let known = state.withLock { Self.cached(attempt, $0) }
        let isRight = known.map { $0 == .right } ?? Bcrypt.verify(attempt.credentials.password, hash: attempt.hash)
        let answer = isRight && attempt.isKnownUser ? Answer.right : .wrong
        let continuation = state.withLock { state in
            if known == nil { Self.store(attempt, answer, &state) }
            state.open.remove(job.number)
            return state.current.take()?.continuation
        }
        continuation?.resume(returning: answer)
        thread.execute { self.work() }
    }

    private static func store(_ attempt: Attempt, _ answer: Answer, _ state: inout State) {
        if answer == .right {
            // The user may have changed during the check.
            guard state.users[attempt.credentials.user] == attempt.hash else { return }
            state.right[attempt.credentials.user] = attempt.proof
            return
        }
        guard state.wrong.insert(attempt.proof).inserted else { return }
        state.wrongInOrder.append(attempt.proof)
        if state.wrongInOrder.count > capacity, let oldest = state.wrongInOrder.popFirst() {
            state.wrong.remove(oldest)
        }
    }
}

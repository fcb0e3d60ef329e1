import DequeModule
import NIOCore
import Synchronization

/// Checks passwords one at a time on a thread of its own, and remembers what they were.
///
/// bcrypt is slow by design, so that a thousand wrong passwords must not take more than one core, and nobody may wait for
/// those of another: addresses take turns, and so do the users of one address. An unknown user is checked against the hash
/// of a known one, so that both answers take the same time (as in exporter-toolkit, where the cost of that hash is fixed).
final class PasswordCheck: Sendable {
    /// What comes of a check.
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
        let question: Question
        let continuation: CheckedContinuation<Answer, Never>
    }

    /// A password that may be the user's.
    private struct Question {
        let credentials: Credentials
        let hash: String
        let proof: PasswordProof
        let isKnownUser: Bool

        /// - Returns: nil where there are no users.
        init?(_ credentials: Credentials, users: [String: String]) {
            let known = users[credentials.user]
            guard let hash = known ?? PasswordCheck.standIn(for: credentials.user, among: users) else { return nil }
            self.credentials = credentials
            self.hash = hash
            proof = PasswordProof(credentials, hash: hash)
            isKnownUser = known != nil
        }

        /// The user in whose queue the question waits; unknown users share one.
        var queue: String { isKnownUser ? credentials.user : "" }
    }

    private struct State {
        /// The users that the memory is about.
        var users: [String: String] = [:]
        /// The right password of each user, as it was last given.
        var right: [String: PasswordProof] = [:]
        /// Passwords that were wrong, also in the order in which they came.
        var wrong: Set<PasswordProof> = []
        var wrongInOrder: Deque<PasswordProof> = []

        var waiting = FairQueue<Job>()
        /// The job at work; its continuation is taken where nobody waits for it.
        var current: (number: Int, continuation: CheckedContinuation<Answer, Never>?)?
        var nextNumber = 0
        /// Jobs that have a number and no answer.
        var open: Set<Int> = []
        /// Jobs that were abandoned before they began to wait.
        var abandoned: Set<Int> = []
    }

    /// Wrong passwords remembered; of more, the oldest is forgotten.
    private static let capacity = 1_000

    private let thread: any EventLoop
    private let state = Mutex(State())

    init(on thread: any EventLoop = ServingThreads.passwords) {
        self.thread = thread
    }

    /// The remembered answer, if there is one; removes the answers of users that have changed.
    func knownAnswer(_ credentials: Credentials, users: [String: String]) -> Answer? {
        guard let question = Question(credentials, users: users) else { return .wrong }
        return state.withLock { state in
            if state.users != users {
                let before = state.users
                state.right = state.right.filter { before[$0.key] == users[$0.key] }
                state.wrong = []
                state.wrongInOrder = []
                state.users = users
            }
            return Self.remembered(question, state)
        }
    }

    /// Whether the password is the user's; waits its turn. Ends when the task is cancelled.
    /// - Parameter address: who asks, with whom others take turns.
    func answer(_ credentials: Credentials, users: [String: String], from address: String) async -> Answer {
        if let known = knownAnswer(credentials, users: users) { return known }
        guard let question = Question(credentials, users: users) else { return .wrong }
        let number = state.withLock { state in
            state.nextNumber += 1
            state.open.insert(state.nextNumber)
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(Job(number: number, question: question, continuation: continuation), from: address)
            }
        } onCancel: {
            abandon(number, question, from: address)
        }
    }

    /// The hash of some user, always the same one for a name.
    private static func standIn(for user: String, among users: [String: String]) -> String? {
        let names = users.keys.sorted()
        return names.isEmpty ? nil : users[names[Int(user.hashValue.magnitude % UInt(names.count))]]
    }

    private static func remembered(_ question: Question, _ state: State) -> Answer? {
        if question.isKnownUser, state.right[question.credentials.user]?.isSame(as: question.proof) ?? false {
            return .right
        }
        return state.wrong.contains(question.proof) ? .wrong : nil
    }

    private func add(_ job: Job, from address: String) {
        let (isAbandoned, isFirst) = state.withLock { state in
            if state.abandoned.remove(job.number) != nil { return (true, false) }
            state.waiting.append(job, of: job.question.queue, from: address)
            return (false, state.current == nil)
        }
        if isAbandoned { return job.continuation.resume(returning: .abandoned) }
        if isFirst { thread.execute { self.work() } }
    }

    private func abandon(_ number: Int, _ question: Question, from address: String) {
        let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            guard state.open.remove(number) != nil else { return nil }
            if state.current?.number == number { return state.current?.continuation.take() }
            let job = state.waiting.remove(of: question.queue, from: address) { $0.number == number }
            if job == nil { state.abandoned.insert(number) }
            return job?.continuation
        }
        continuation?.resume(returning: .abandoned)
    }

    /// Checks the password whose turn it is, and goes on with the next.
    private func work() {
        let job = state.withLock { state -> Job? in
            guard state.current == nil, let job = state.waiting.popFirst() else { return nil }
            state.current = (job.number, job.continuation)
            return job
        }
        guard let job else { return }
        let question = job.question
        let known = state.withLock { Self.remembered(question, $0) }
        let isRight = known.map { $0 == .right } ?? Bcrypt.verify(question.credentials.password, hash: question.hash)
        let answer = isRight && question.isKnownUser ? Answer.right : .wrong
        let continuation = state.withLock { state in
            if known == nil { Self.remember(question, answer, &state) }
            state.open.remove(job.number)
            return state.current.take()?.continuation
        }
        continuation?.resume(returning: answer)
        thread.execute { self.work() }
    }

    private static func remember(_ question: Question, _ answer: Answer, _ state: inout State) {
        if answer == .right {
            // The user may have changed meanwhile.
            guard state.users[question.credentials.user] == question.hash else { return }
            state.right[question.credentials.user] = question.proof
            return
        }
        guard state.wrong.insert(question.proof).inserted else { return }
        state.wrongInOrder.append(question.proof)
        if state.wrongInOrder.count > capacity, let oldest = state.wrongInOrder.popFirst() {
            state.wrong.remove(oldest)
        }
    }
}

import Synchronization
import TestSupport

/// Suspends its waiters until it is opened.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() {
        isOpen.withLock { $0 = true }
    }

    func wait() async throws {
        try await eventually { isOpen.withLock { $0 } }
    }
}

import GRDB
import Synchronization

/// How many rows each transaction of a database has changed.
final class TransactionSizes: TransactionObserver, Sendable {
    private let state = Mutex((sizes: [Int](), current: 0))

    var sizes: [Int] { state.withLock { $0.sizes } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

    func databaseDidChange(with event: DatabaseEvent) {
        state.withLock { $0.current += 1 }
    }

    func databaseDidCommit(_ db: Database) {
        state.withLock { state in
            state.sizes.append(state.current)
            state.current = 0
        }
    }

    func databaseDidRollback(_ db: Database) {
        state.withLock { $0.current = 0 }
    }
}

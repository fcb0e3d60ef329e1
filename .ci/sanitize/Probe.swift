// What a clean run is worth: ThreadSanitizer is silent about a contended Mutex, and reports what no lock guards.
// With an argument the program has a race on purpose.
import Foundation
import Synchronization

/// Unsafe on purpose: the sanitizer must report it.
final class Unguarded: @unchecked Sendable {
    var count = 0
}

@main
enum Probe {
    static func main() {
        let guarded = GuardedCount()
        let unguarded = Unguarded()
        let hasRace = CommandLine.arguments.count > 1
        let threads = (0..<4).map { _ in
            Thread {
                for _ in 0..<100_000 {
                    if hasRace { unguarded.count += 1 }
                    guarded.increment()
                }
            }
        }
        for thread in threads { thread.start() }
        while !threads.allSatisfy(\.isFinished) { usleep(10_000) }
    }
}

final class GuardedCount: Sendable {
    private let count = Mutex([Int]())

    func increment() {
        count.withLock { values in
            values.append(1)
            if values.count > 1_000 { values.removeAll() }
        }
    }
}

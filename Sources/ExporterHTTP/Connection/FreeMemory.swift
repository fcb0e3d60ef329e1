import Foundation

/// Memory that the program has freed and the C library keeps for later use.
enum FreeMemory {
    private typealias Trim = @convention(c) (Int) -> Int32

    /// Gives it back to the system, which takes some milliseconds; does nothing where the C library has no call for it.
    static func release() {
        // Only GNU's library has `malloc_trim`, and Swift's module of it does not declare it.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}

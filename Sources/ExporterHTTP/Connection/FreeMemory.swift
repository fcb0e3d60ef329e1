import Foundation
import NIOCore

/// Memory that the program has freed and the C library keeps for later use.
///
/// Only GNU's library has these calls, and Swift's module of it does not declare them; elsewhere they do nothing.
package enum FreeMemory {
    private typealias Trim = @convention(c) (Int) -> Int32
    private typealias SetParameter = @convention(c) (Int32, Int32) -> Int32

    /// `M_MMAP_THRESHOLD`
    private static let directSize: Int32 = -3
    /// `M_ARENA_MAX`
    private static let mostArenas: Int32 = -8

    /// Makes the library keep less memory, in a program that runs for long; call it before its threads start.
    ///
    /// Without this each of eight arenas per core keeps what its threads once needed, and after a block of megabytes
    /// has been freed, blocks up to its size are kept too. Over hours this grows to several times what the program
    /// uses. It costs system calls where many large blocks are allocated and freed, as in an import.
    package static func limit() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(symbol, to: SetParameter.self)
        // The library's own initial value, which grows unless it is set.
        _ = set(directSize, 128 << 10)
        _ = set(mostArenas, 2)
    }

    /// Returns it to the system every five minutes until the task is cancelled, on a thread that does nothing for the
    /// market.
    ///
    /// The library returns only what is free at the end of its heap. Without this, pages between blocks that live for
    /// long stay with the program, and their number grows for days.
    package static func releaseRegularly() async {
        while (try? await Task.sleep(for: .seconds(300))) != nil {
            try? await ServingThreads.files.submit { release() }.get()
        }
    }

    /// Returns it to the system; this takes some milliseconds.
    static func release() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}

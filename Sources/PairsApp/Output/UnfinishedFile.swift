import Foundation
import Synchronization

/// The file that a command is writing beside its path: a signal that ends the program removes it first.
///
/// A command writes one output, so there is one such file at most.
enum UnfinishedFile {
    /// The address of the file's path, 0 for none. The signal handler reads it, which may neither lock nor allocate; a path
    /// is never freed, because the handler may be reading it.
    private static let name = Atomic<UInt>(0)

    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Makes a signal that ends the program remove the file.
    static func watch(_ path: String) {
        // Before the handler is installed, so that the handler does not initialize it.
        name.store(UInt(bitPattern: strdup(path)), ordering: .sequentiallyConsistent)
        for number in signals {
            let earlier = signal(number, removeAndEnd)
            // An ignored signal, as under nohup, stays ignored.
            if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
    }

    /// Records that the file has been removed or renamed. The handler stays: without a file it ends the program as
    /// usual.
    static func clear() {
        name.store(0, ordering: .sequentiallyConsistent)
    }

    /// Ends the program as the signal would have: the parent process gets the signal as the cause.
    private static let removeAndEnd: @convention(c) (Int32) -> Void = { number in
        let address = UnfinishedFile.name.load(ordering: .sequentiallyConsistent)
        if let name = UnsafePointer<CChar>(bitPattern: address) { unlink(name) }
        signal(number, SIG_DFL)
        raise(number)
    }
}

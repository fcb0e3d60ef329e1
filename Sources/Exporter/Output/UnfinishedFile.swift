import Foundation

/// The file that a command is writing beside its path: a signal that ends the program removes it first.
///
/// A command writes one output, so there is one such file at most.
enum UnfinishedFile {
    /// Read by the signal handler, which may neither lock nor allocate.
    ///
    /// Safe: a pointer is stored and read atomically. The handler is installed after the first is stored; a stored text
    /// is never freed, because the handler may be reading it.
    private nonisolated(unsafe) static var name: UnsafeMutablePointer<CChar>?

    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Makes a signal that ends the program remove the file.
    static func watch(_ path: String) {
        name = strdup(path)
        for number in signals {
            let earlier = signal(number, removeAndEnd)
            // An ignored signal, as under nohup, stays ignored.
            if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
    }

    /// Records that the file has been removed or renamed. The handler stays: without a file it ends the program as
    /// usual.
    static func clear() {
        name = nil
    }

    /// Ends the program as the signal would have: the parent process gets the signal as the cause.
    private static let removeAndEnd: @convention(c) (Int32) -> Void = { number in
        if let name = UnfinishedFile.name { unlink(name) }
        signal(number, SIG_DFL)
        raise(number)
    }
}

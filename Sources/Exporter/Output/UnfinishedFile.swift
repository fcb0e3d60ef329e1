import Foundation

/// The file that a command is writing beside its path: a signal that ends the program removes it first.
///
/// A command writes one output, so there is one such file at most.
enum UnfinishedFile {
    /// Read by the signal handler, which may neither lock nor allocate.
    ///
    /// Safe: a pointer is stored and read as one word. The handler is installed after the first is stored; a text that has
    /// been stored is never freed, as the handler may be reading it.
    private nonisolated(unsafe) static var name: UnsafeMutablePointer<CChar>?

    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Has the file removed by a signal that ends the program.
    static func watch(_ path: String) {
        name = strdup(path)
        for number in signals {
            let earlier = signal(number, removeAndEnd)
            // One that is ignored, as by nohup, stays so.
            if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
    }

    /// The file has been removed or has its place. The handler stays: without a file it ends the program as usual.
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

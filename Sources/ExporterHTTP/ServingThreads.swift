import NIOCore
import NIOPosix

/// The threads that work for clients.
///
/// None of them closes bars: the pool of Swift's tasks does, and feeds have separate event loops. One thread does all
/// work of one kind, so that many clients cost the market no more than the operating system's share of a core, and work
/// of one kind does not wait for another.
enum ServingThreads {
    /// Reads requests and writes responses; the second thread serves while the first is busy.
    static let connections = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    /// Renders the complete exposition.
    static let expositions = thread()
    /// Renders everything else that clients share: chosen families, pages, JSON.
    static let documents = thread()
    /// Computes responses for single clients.
    static let computations = thread()
    /// Hashes passwords.
    static let passwords = thread()
    /// Reads the web configuration and the files that it names.
    static let files = thread()

    private static func thread() -> any EventLoop {
        MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
    }
}

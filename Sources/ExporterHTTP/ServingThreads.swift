import NIOCore
import NIOPosix

/// The threads that work for clients.
///
/// None of them closes bars: that happens on the pool that Swift's tasks share, and feeds have event loops of their own.
/// Work of one kind is done by one thread, so that many clients cost the market no more than the operating
/// system's share of a core, and work of one kind does not wait for work of another.
enum ServingThreads {
    /// Reads requests and writes answers; the second thread serves while the first is busy.
    static let connections = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    /// Renders the whole exposition.
    static let expositions = thread()
    /// Renders everything else that clients share: chosen families, pages, JSON.
    static let documents = thread()
    /// Computes what is asked for by one client alone.
    static let computations = thread()
    /// Hashes passwords.
    static let passwords = thread()
    /// Reads the web configuration and the files that it names.
    static let files = thread()

    private static func thread() -> any EventLoop {
        MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
    }
}

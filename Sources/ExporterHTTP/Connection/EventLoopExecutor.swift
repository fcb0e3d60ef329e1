import NIOCore

/// Runs a connection's tasks on its event loop.
///
/// In the pool that all tasks of the program share, a request would wait for other tasks, and its response would wait
/// for the event loop to wake up.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

import NIOCore
import NIOPosix
import Testing

@testable import ExporterHTTP

@Suite struct EventLoopExecutorTests {
    @Test("a task that prefers an event loop runs on it before and after it waits, and so does an actor that it calls")
    func place() async {
        actor Elsewhere {
            func isOn(_ eventLoop: any EventLoop) -> Bool { eventLoop.inEventLoop }
        }
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let isThere = await withTaskExecutorPreference(EventLoopExecutor(eventLoop)) {
            let isThereBefore = eventLoop.inEventLoop
            let isActorThere = await Elsewhere().isOn(eventLoop)
            await Task.yield()
            return [isThereBefore, isActorThere, eventLoop.inEventLoop]
        }
        #expect(isThere == [true, true, true])
        #expect(!eventLoop.inEventLoop)
    }
}

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Scrapes a server over a number of connections, and prints the duration of the answers and their number in a second.
enum ScrapeLoad {
    /// - Parameters:
    ///   - pause: Seconds between an answer and the next request of a connection.
    ///   - seconds: How long new requests are made.
    static func run(port: Int, connections: Int, pause: Double, seconds: Double, isCompressed: Bool) async throws {
        let answers = Mutex<[Double]>([])
        let start = NIODeadline.now()
        var channels: [any Channel] = []
        for _ in 0..<connections {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(
                            Scraper(
                                isCompressed: isCompressed,
                                pause: .nanoseconds(Int64(pause * 1e9)),
                                end: start + .nanoseconds(Int64(seconds * 1e9)),
                                onAnswer: { time in answers.withLock { $0.append(time) } }
                            )
                        )
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            channels.append(channel)
        }
        for channel in channels { try await channel.closeFuture.get() }
        let elapsed = Double((NIODeadline.now() - start).nanoseconds) * 1e-9
        let times = answers.withLock { $0.sorted() }
        guard !times.isEmpty else { fail("scrape: no answer came") }
        func quantile(_ share: Double) -> Double { times[Int((Double(times.count - 1) * share).rounded())] * 1e3 }
        print(
            #"{"answers": \#(times.count), "per_second": \#(Double(times.count) / elapsed), "#
                + #""median_ms": \#(quantile(0.5)), "p99_ms": \#(quantile(0.99)), "greatest_ms": \#(quantile(1))}"#
        )
    }
}

import Logging
import ServiceLifecycle
import TradeStore

/// Keeps the store open until everything else has ended, then writes what waits and closes it.
struct StoreService: Service {
    /// Part of the five seconds in which the program ends.
    private static let shutdownTime = Duration.seconds(3)

    let writer: StoreWriter
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        do {
            try await writer.shutdown(within: Self.shutdownTime)
            logger.info("Store closed", metadata: ["trades_written": "\(writer.metrics.tradesWritten)"])
        } catch {
            logger.error("The store did not close in order", metadata: ["reason": "\(error)"])
            throw error
        }
    }
}

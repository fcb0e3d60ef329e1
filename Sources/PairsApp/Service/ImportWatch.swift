import Logging
import MarketData
import PrometheusExposition
import ServiceLifecycle
import TradeStore

/// Detects that `import` has written to the database in another process, and replaces the windows.
struct ImportWatch: Service {
    private static let interval = Duration.seconds(2)

    let store: any CompletedImportReader
    /// The revision that the warm start has read.
    let firstRevision: Int64
    /// The earliest time of any window, nil while no feed has a clock.
    let oldest: @Sendable () -> Timestamp?
    let refresh: @Sendable () async throws -> Void
    let failures: Counter
    let logger: Logger

    func run() async {
        try? await cancelWhenGracefulShutdown {
            var revision = firstRevision
            while true {
                try await Task.sleep(for: Self.interval)
                revision = await check(after: revision)
            }
        }
    }

    /// Checks once; returns the revision for the next check.
    private func check(after revision: Int64) async -> Int64 {
        do {
            let found = try await store.imports(after: revision)
            let oldest = oldest()
            guard found.imports.contains(where: { entry in oldest.map { entry.times.upperBound >= $0 } ?? true }) else {
                return found.revision
            }
            try await refresh()
            logger.info(
                "windows replaced after an import",
                metadata: ["imports": .stringConvertible(found.imports.count)]
            )
            return found.revision
        } catch is CancellationError {
            return revision
        } catch {
            failures.increment()
            logger.warning("an import has not reached the windows yet; trying again", metadata: ["reason": "\(error)"])
            return revision
        }
    }
}

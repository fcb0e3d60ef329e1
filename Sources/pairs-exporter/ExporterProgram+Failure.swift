import ArgumentParser
import ExporterHTTP
import PairsApp
import TradeStore

extension ExporterProgram {
    /// Runs the program and reports on stderr what prevents its start. A wrong configuration, or a database that
    /// another `serve` holds, is the caller's mistake and ends with status 64, everything else with 1.
    func runReportingFailures(
        onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }
    ) async throws {
        do {
            try await run(onListening: onListening)
        } catch let error as StartError {
            throw Failure(error, status: .validationFailure)
        } catch let error as StoreError {
            if case .databaseInUse = error { throw Failure(error, status: .validationFailure) }
            throw Failure(error, status: .failure)
        } catch {
            throw Failure("\(error)", status: .failure)
        }
    }
}

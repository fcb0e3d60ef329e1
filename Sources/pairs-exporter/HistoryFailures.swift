import ArgumentParser
import PairsTools
import TradeStore

/// Runs a body that reads stored history, and reports its errors.
func reportingHistoryFailures<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await Failure.reported {
        do {
            return try await body()
        } catch let error as StoreError {
            if case .notFound = error { throw Failure(error, status: .validationFailure) }
            throw Failure(error, status: .failure)
        } catch let error as ExportError {
            throw Failure(error, status: .validationFailure)
        } catch let error as BackfillError {
            // Legs, or a time, that the database does not have are the caller's choice.
            if case .looksAhead = error { throw Failure(error, status: .failure) }
            throw Failure(error, status: .validationFailure)
        }
    }
}

import ArgumentParser

/// Reports on stderr why the program ends, then ends it.
struct Failure: Error {
    let status: ExitCode

    init(_ reason: some CustomStringConvertible, status: ExitCode) {
        StandardError.write("pairs-exporter: \(reason)\n", patience: .seconds(1))
        self.status = status
    }

    /// Runs a command; an error ends the program with the status that scripts expect.
    static func reported<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as Failure {
            throw failure.status
        }
    }
}

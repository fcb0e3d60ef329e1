import ExporterHTTP
import Foundation
import Logging
import PairsApp
import ServiceLifecycle
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The complete program in this process, on a free port.
struct RunningProgram {
    let port: Int

    /// Runs the program while the body does, and ends it.
    static func with<Value: Sendable>(
        _ configuration: Configuration,
        _ body: @escaping @Sendable (RunningProgram) async throws -> Value
    ) async throws -> Value {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                let program = ExporterProgram(
                    configuration: configuration,
                    options: ExporterOptions(listenAddress: ListenAddress(host: "127.0.0.1", port: 0)),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                defer { continuation.finish() }
                try? await program.run { continuation.yield($0.port) }
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(RunningProgram(port: port)) }
                throw CancellationError()
            }
            while let value = try await group.next() {
                if let value {
                    group.cancelAll()
                    try await group.waitForAll()
                    return value
                }
            }
            throw CancellationError()
        }
    }

    /// The status and body of an answer.
    func get(_ path: String) async throws -> (status: Int, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        let (data, response) = try await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 600))
        let status = try #require(response as? HTTPURLResponse).statusCode
        return (status, String(decoding: data, as: UTF8.self))
    }

    /// The value of a sample with exactly this name and labels, nil when it is absent.
    func value(_ sample: String) async throws -> Double? {
        let lines = try await get("/metrics").body.split(separator: "\n")
        return lines.first { $0.hasPrefix(sample + " ") }.flatMap { Double($0.dropFirst(sample.count + 1)) }
    }

    /// Requests the flow of data until the answer suits.
    func wait(forFlow suits: ((status: Int, body: String)) -> Bool) async throws {
        for _ in 0..<2400 {
            if suits(try await get("/-/flowing")) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the flow never was what was waited for")
    }

    /// Requests the metrics until a sample has a value that suits.
    func wait(for sample: String, _ suits: (Double) -> Bool) async throws {
        for _ in 0..<2400 {
            if let value = try await value(sample), suits(value) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(sample) never had the value waited for")
    }
}

import Foundation
import NIOCore
import Synchronization

/// The client of a connection.
final class Client: Sendable {
    private struct State {
        var hasLeft = false
        var nextTask = 0
        var onDeparture: [Int: @Sendable () -> Void] = [:]
    }

    /// Its network address without the port; of IPv6 the 64 bits that belong to one network.
    let address: String

    private let state = Mutex(State())

    init(_ channel: any Channel) {
        address = Self.name(of: channel.remoteAddress)
    }

    init(address: String) {
        self.address = address
    }

    /// Records that the client does not wait for responses, and cancels the work for it.
    func leave() {
        let tasks = state.withLock { state in
            state.hasLeft = true
            defer { state.onDeparture = [:] }
            return state.onDeparture.values.map { $0 }
        }
        for cancel in tasks { cancel() }
    }

    /// Runs a body on an executor; cancels its task when the client leaves.
    func whileConnected<Value: Sendable>(
        on executor: any TaskExecutor,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task(executorPreference: executor) { try await body() }
        let number = state.withLock { state -> Int? in
            if state.hasLeft { return nil }
            state.nextTask += 1
            state.onDeparture[state.nextTask] = { task.cancel() }
            return state.nextTask
        }
        if number == nil { task.cancel() }
        defer { state.withLock { state in _ = number.map { state.onDeparture.removeValue(forKey: $0) } } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private static func name(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard text.contains(":"), inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
        let isIPv4 = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return (isIPv4 ? bytes[12...] : bytes.prefix(8)).map { "\($0)" }.joined(separator: ".")
    }
}

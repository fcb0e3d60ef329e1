import Synchronization

/// How many requests are processed at once; as in node_exporter, further ones are refused at once.
final class RequestLimit: Sendable {
    let maximum: Int
    private let current = Atomic<Int>(0)

    /// - Parameter maximum: 0 for no limit.
    init(_ maximum: Int) {
        self.maximum = maximum
    }

    /// Runs the body if there is room; nil otherwise.
    func admit<Value>(_ body: () async throws -> Value) async rethrows -> Value? {
        let (_, count) = current.add(1, ordering: .relaxed)
        defer { current.subtract(1, ordering: .relaxed) }
        if maximum > 0, count > maximum { return nil }
        return try await body()
    }

    /// The text that a refused client receives.
    var refusal: String {
        "Limit of concurrent requests reached (\(maximum)), try again later."
    }
}

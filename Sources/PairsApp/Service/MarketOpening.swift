import ServiceLifecycle

/// The opening of a session, which a request to stop ends.
struct MarketOpening: Sendable {
    /// How long to wait for the end of a cancelled opening: reading one large file cannot be interrupted.
    private static let patience = Duration.seconds(2)

    let open: @Sendable () async throws -> FeedSession

    init(_ open: @escaping @Sendable () async throws -> FeedSession) {
        self.open = open
    }

    /// The session once it is open; nil when the program stops before that.
    var session: FeedSession? {
        get async throws {
            let (outcomes, sink) = AsyncStream.makeStream(of: Result<FeedSession, any Error>?.self)
            let opening = Task {
                do {
                    sink.yield(.success(try await open()))
                } catch {
                    sink.yield(Task.isCancelled ? nil : .failure(error))
                }
            }
            return try await withGracefulShutdownHandler {
                for await outcome in outcomes { return try outcome?.get() }
                return nil
            } onGracefulShutdown: {
                opening.cancel()
                Task {
                    try await Task.sleep(for: Self.patience)
                    sink.yield(nil)
                }
            }
        }
    }
}

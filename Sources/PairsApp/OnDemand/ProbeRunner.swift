import DequeModule
import ExporterHTTP
import PairsMetrics
import PrometheusExposition

/// Runs probes one after another, so that one core is left for the market, whatever the number of probes.
actor ProbeRunner {
    private static let success = MetricFamily(
        "probe_success",
        .gauge,
        help: "Displays whether or not the probe was a success."
    )
    private static let duration = MetricFamily(
        "probe_duration_seconds",
        .gauge,
        unit: "seconds",
        help: "Returns how long the probe took to complete in seconds."
    )

    private var isBusy = false
    private var waiting: Deque<(number: Int, turn: CheckedContinuation<Void, any Error>)> = []
    private var nextNumber = 0

    /// Computes a probe's answer after those before it have ended; a probe whose task is cancelled leaves the queue.
    /// - Parameter accept: the `Accept` header, which decides the format of metrics.
    func run(_ request: ProbeRequest, _ market: ServingContext, _ accept: String?) async throws -> EndpointResponse {
        try await waitForTurn()
        defer { endTurn() }
        try Task.checkCancellation()
        return try await Self.answer(request, market, accept)
    }

    private func waitForTurn() async throws {
        guard isBusy else {
            isBusy = true
            return
        }
        nextNumber += 1
        let number = nextNumber
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in waiting.append((number, turn)) }
        } onCancel: {
            Task { await leave(number) }
        }
    }

    private func leave(_ number: Int) {
        guard let position = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: position).turn.resume(throwing: CancellationError())
    }

    /// Starts the next probe.
    private func endTurn() {
        guard let next = waiting.popFirst() else {
            isBusy = false
            return
        }
        next.turn.resume()
    }

    private static func answer(
        _ request: ProbeRequest,
        _ market: ServingContext,
        _ accept: String?
    ) async throws -> EndpointResponse {
        let clock = ContinuousClock()
        let start = clock.now
        let probe = try await PairProbe(request.pair, market)
        let success = Gauge(Self.success, value: probe.isSuccessful ? 1 : 0)
        let duration = Gauge(Self.duration, value: (clock.now - start) / .seconds(1))
        let registry = try MetricsRegistry(
            families: [Self.success, Self.duration] + PairMetrics.families,
            collectors: [success, duration, probe.collector]
        )
        if request.isDebugging {
            let metrics = String(decoding: try registry.render(.text), as: UTF8.self)
            return .text(ProbeReport(probe).text + "\nMetrics that would have been returned:\n" + metrics)
        }
        let format = ExpositionFormat.negotiate(accept: accept)
        return EndpointResponse(contentType: format.contentType, body: try registry.render(format))
    }
}

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks a venue's REST interface within its limits: the weight of a minute, and the patience that it asks for.
actor VenueClient {
    private static let timeout = TimeAmount.seconds(10)
    private static let largestAnswer = 16 << 20

    private let base: String
    private let limits: RequestLimits
    private let tls: TLSConfiguration
    private var budget: WeightBudget
    private var heldUntil = ContinuousClock.now

    /// - Parameters:
    ///   - base: `http://` or `https://`, host, and optionally port and path.
    ///   - tls: whom to trust where the base asks for TLS.
    init(base: String, limits: RequestLimits, tls: TLSConfiguration) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.limits = limits
        self.tls = tls
        budget = WeightBudget(weightPerMinute: limits.weightPerMinute, interval: limits.interval)
    }

    /// Leaves the venue alone for a while, because it asked for that elsewhere.
    func hold(for duration: Duration) {
        heldUntil = max(heldUntil, .now + duration)
    }

    /// Sends a query as soon as the venue allows, and reads the answer.
    func ask<Answer>(_ query: VenueQuery<Answer>) async throws -> Answer {
        let start = budget.reserve(query.weight, notBefore: max(.now, heldUntil))
        try await Task.sleep(until: start, clock: .continuous)
        // Meanwhile another request may have been refused.
        while heldUntil > .now { try await Task.sleep(until: heldUntil, clock: .continuous) }
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            var request = HTTPClientRequest(url: base + query.target)
            request.headers.add(name: "User-Agent", value: "pairs-exporter")
            request.tlsConfiguration = tls
            response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
            body = try await response.body.collect(upTo: Self.largestAnswer)
        } catch {
            try Task.checkCancellation()
            throw RequestFailure.unreachable("\(error)")
        }
        if let header = limits.usedWeightHeader, let used = response.headers.first(name: header).flatMap({ Int($0) }) {
            budget.hear(used: used, at: .now)
        }
        let status = Int(response.status.code)
        guard status == 200 else {
            let header = response.headers.first(name: "Retry-After")
            guard status == 429 || status == 418 || header != nil,
                let wait = RetryAfter.patience(status: status, header: header)
            else { throw RequestFailure.status(status) }
            hold(for: wait)
            throw RequestFailure.rateLimited(status: status, wait: wait)
        }
        do {
            return try query.read(Data(body.readableBytesView))
        } catch {
            throw RequestFailure.malformed("\(error)".printable)
        }
    }
}

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends requests to a venue's REST interface within its limits: the weight per minute, and the waits that it requests.
actor VenueClient {
    private static let timeout = TimeAmount.seconds(10)
    /// The wait after a refusal for the rate of requests that does not state one.
    private static let rateLimitWait = Duration.seconds(10)
    private static let largestAnswer = 16 << 20
    /// The greatest number of parts of a response, because even a small part costs time. Servers send parts of some
    /// kilobytes.
    private static let mostParts = 4096

    private let base: String
    private let limits: RequestLimits
    private let tls: TLSConfiguration
    private let client: HTTPClient
    private var budget: WeightBudget
    private var heldUntil = ContinuousClock.now

    /// - Parameters:
    ///   - base: `http://` or `https://`, host, and optionally port and path.
    ///   - tls: the trusted certificates where the base uses TLS.
    ///   - proxy: the proxy for the base, nil for none.
    init(base: String, limits: RequestLimits, tls: TLSConfiguration, proxy: ProxySettings.Proxy? = nil) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.limits = limits
        self.tls = tls
        client = HTTPClient.shared(by: proxy)
        budget = WeightBudget(weightPerMinute: limits.weightPerMinute, interval: limits.interval)
    }

    /// Sends no request for a duration, because the venue requested a wait in another response.
    func hold(for duration: Duration) {
        heldUntil = max(heldUntil, .now + duration)
    }

    /// Sends a request as soon as the limits allow, and decodes the response.
    /// - Parameter longestWait: the longest requested wait of the venue that the caller accepts, nil for any.
    /// - Throws: ``RequestFailure``, or `CancellationError` when the task was cancelled.
    func send<Answer>(_ query: RESTRequest<Answer>, longestWait: Duration? = nil) async throws -> Answer {
        if let longestWait, heldUntil - .now > longestWait { throw RequestFailure.notSent(wait: heldUntil - .now) }
        let start = budget.reserve(query.weight, notBefore: max(.now, heldUntil))
        try await Task.sleep(until: start, clock: .continuous)
        // The venue may have refused another request during the wait.
        while heldUntil > .now {
            if let longestWait, heldUntil - .now > longestWait { throw RequestFailure.notSent(wait: heldUntil - .now) }
            try await Task.sleep(until: heldUntil, clock: .continuous)
        }
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            var request = HTTPClientRequest(url: base + query.target)
            request.headers.add(name: "User-Agent", value: "pairs-exporter")
            request.tlsConfiguration = tls
            response = try await client.execute(request, timeout: Self.timeout)
            if response.status != .ok {
                body = (try? await Self.start(of: response.body)) ?? ByteBuffer()
            } else {
                body = try await Self.complete(response.body)
            }
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw RequestFailure.unreachable("\(error)".printable)
        }
        if let header = limits.usedWeightHeader, let used = response.headers.first(name: header).flatMap({ Int($0) }) {
            budget.record(usedWeight: used, at: .now)
        }
        let status = Int(response.status.code)
        guard status == 200 else { throw refusal(status, response.headers, body) }
        do {
            return try query.read(Data(body.readableBytesView))
        } catch DecodeFailure.refused {
            let errorText = VenueErrorText.text(of: body.readableBytesView)
            guard let errorText, VenueErrorText.isAboutPace(errorText) else {
                throw RequestFailure.status(status, errorText: errorText)
            }
            hold(for: Self.rateLimitWait)
            throw RequestFailure.rateLimited(status: status, wait: Self.rateLimitWait, errorText: errorText)
        } catch {
            let errorText = VenueErrorText.text(of: body.readableBytesView).map { ": \"\($0)\"" } ?? ""
            throw RequestFailure.malformed("\("\(error)".prefix(160))".printable + errorText)
        }
    }

    /// The failure for a status other than 200; no request is sent during a wait that the venue requests.
    private func refusal(_ status: Int, _ headers: HTTPHeaders, _ body: ByteBuffer) -> RequestFailure {
        let errorText = VenueErrorText.text(of: body.readableBytesView)
        let header = headers.first(name: "Retry-After")
        guard status == 429 || status == 418 || header != nil,
            let wait = RetryAfter.requestedWait(status: status, header: header)
        else { return .status(status, errorText: errorText) }
        hold(for: wait)
        return .rateLimited(status: status, wait: wait, errorText: errorText)
    }

    /// The complete body, up to the limits.
    private static func complete(_ body: HTTPClientResponse.Body) async throws -> ByteBuffer {
        var complete = ByteBuffer()
        var parts = 0
        for try await var part in body {
            parts += 1
            guard complete.readableBytes + part.readableBytes <= largestAnswer else {
                throw RequestFailure.malformed("it is larger than \(largestAnswer >> 20) MiB")
            }
            guard parts <= mostParts else {
                throw RequestFailure.malformed("it comes in more than \(mostParts) parts")
            }
            complete.writeBuffer(&part)
        }
        return complete
    }

    /// The start of a refusal's body, without waiting for the rest.
    private static func start(of body: HTTPClientResponse.Body) async throws -> ByteBuffer {
        var start = ByteBuffer()
        var parts = 0
        for try await var part in body {
            parts += 1
            start.writeBuffer(&part)
            if start.readableBytes >= VenueErrorText.longestBody || parts >= VenueErrorText.longestBody { break }
        }
        return start
    }
}

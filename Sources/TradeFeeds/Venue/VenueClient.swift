import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks a venue's REST interface within its limits: the weight of a minute, and the patience that it asks for.
actor VenueClient {
    private static let timeout = TimeAmount.seconds(10)
    private static let largestAnswer = 16 << 20
    /// The most parts of an answer: each costs time, however small it is. Servers send parts of some kilobytes.
    private static let mostParts = 4096

    private let base: String
    private let limits: RequestLimits
    private let tls: TLSConfiguration
    private let client: HTTPClient
    private var budget: WeightBudget
    private var heldUntil = ContinuousClock.now

    /// - Parameters:
    ///   - base: `http://` or `https://`, host, and optionally port and path.
    ///   - tls: whom to trust where the base asks for TLS.
    ///   - proxy: by which the base is reached, nil for none.
    init(base: String, limits: RequestLimits, tls: TLSConfiguration, proxy: ProxySettings.Proxy? = nil) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.limits = limits
        self.tls = tls
        client = HTTPClient.shared(by: proxy)
        budget = WeightBudget(weightPerMinute: limits.weightPerMinute, interval: limits.interval)
    }

    /// Leaves the venue alone for a while, because it asked for that elsewhere.
    func hold(for duration: Duration) {
        heldUntil = max(heldUntil, .now + duration)
    }

    /// Sends a query as soon as the venue allows, and reads the answer.
    /// - Parameter patience: the longest that the caller waits where the venue has asked for patience; nil for any time.
    /// - Throws: ``RequestFailure``, or that the task was cancelled.
    func ask<Answer>(_ query: RESTRequest<Answer>, patience: Duration? = nil) async throws -> Answer {
        if let patience, heldUntil - .now > patience { throw RequestFailure.notAsked(wait: heldUntil - .now) }
        let start = budget.reserve(query.weight, notBefore: max(.now, heldUntil))
        try await Task.sleep(until: start, clock: .continuous)
        // Meanwhile another request may have been refused.
        while heldUntil > .now {
            if let patience, heldUntil - .now > patience { throw RequestFailure.notAsked(wait: heldUntil - .now) }
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
                body = try await Self.whole(response.body)
            }
        } catch let failure as RequestFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw RequestFailure.unreachable("\(error)".printable)
        }
        if let header = limits.usedWeightHeader, let used = response.headers.first(name: header).flatMap({ Int($0) }) {
            budget.hear(used: used, at: .now)
        }
        let status = Int(response.status.code)
        guard status == 200 else { throw refusal(status, response.headers, body) }
        do {
            return try query.read(Data(body.readableBytesView))
        } catch DecodeFailure.refused {
            throw RequestFailure.status(status, words: VenueWords.text(of: body.readableBytesView))
        } catch {
            let words = VenueWords.text(of: body.readableBytesView).map { ": \"\($0)\"" } ?? ""
            throw RequestFailure.malformed("\("\(error)".prefix(160))".printable + words)
        }
    }

    /// The failure for another status than 200; the venue is left alone for as long as it asks.
    private func refusal(_ status: Int, _ headers: HTTPHeaders, _ body: ByteBuffer) -> RequestFailure {
        let words = VenueWords.text(of: body.readableBytesView)
        let header = headers.first(name: "Retry-After")
        guard status == 429 || status == 418 || header != nil,
            let wait = RetryAfter.patience(status: status, header: header)
        else { return .status(status, words: words) }
        hold(for: wait)
        return .rateLimited(status: status, wait: wait, words: words)
    }

    /// All of a body within the limits.
    private static func whole(_ body: HTTPClientResponse.Body) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        var parts = 0
        for try await var part in body {
            parts += 1
            guard whole.readableBytes + part.readableBytes <= largestAnswer else {
                throw RequestFailure.malformed("it is larger than \(largestAnswer >> 20) MiB")
            }
            guard parts <= mostParts else {
                throw RequestFailure.malformed("it comes in more than \(mostParts) parts")
            }
            whole.writeBuffer(&part)
        }
        return whole
    }

    /// What a refusal says, without waiting for more of it than that.
    private static func start(of body: HTTPClientResponse.Body) async throws -> ByteBuffer {
        var start = ByteBuffer()
        var parts = 0
        for try await var part in body {
            parts += 1
            start.writeBuffer(&part)
            if start.readableBytes >= VenueWords.longestBody || parts >= VenueWords.longestBody { break }
        }
        return start
    }
}

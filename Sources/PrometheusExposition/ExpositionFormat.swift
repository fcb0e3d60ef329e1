/// A format in which metrics are exposed, with the negotiated escaping of names.
package struct ExpositionFormat: Sendable, Hashable {
    /// The syntax of the body, in the order in which it is chosen where a client has no preference.
    package enum Encoding: Sendable, Hashable, CaseIterable {
        /// Prometheus text format 0.0.4.
        case text
        /// OpenMetrics 1.0.
        case openMetrics
        /// Prometheus text format 1.0.0; differs from 0.0.4 only in names that are quoted, of which there are none
        /// here.
        case textUTF8
        /// `io.prometheus.client.MetricFamily` messages, each after its length: the one format with native histograms.
        case protobuf
    }

    /// A scheme for names outside `[a-zA-Z0-9_:]`.
    ///
    /// All names of this program are inside, so these three schemes do not change the body; only their name is repeated
    /// to the client. The fourth scheme of Prometheus, `dots`, would double every underscore and is not offered.
    package enum Escaping: String, Sendable, Hashable, CaseIterable {
        /// Other characters become underscores; assumed where the client names no scheme.
        case underscores
        /// Names may contain any UTF-8.
        case allowUTF8 = "allow-utf-8"
        /// Other characters become their code points.
        case values
    }

    /// Text format 0.0.4, for a client without a preference.
    package static let text = ExpositionFormat(.text)
    /// OpenMetrics 1.0.
    package static let openMetrics = ExpositionFormat(.openMetrics)
    /// Delimited protobuf.
    package static let protobuf = ExpositionFormat(.protobuf)

    /// The syntax of the body.
    package let encoding: Encoding
    /// The escaping scheme to name in ``contentType``.
    package let escaping: Escaping

    /// A format with the escaping scheme that the client requested.
    package init(_ encoding: Encoding, escaping: Escaping = .underscores) {
        self.encoding = encoding
        self.escaping = escaping
    }

    /// The value of the `Content-Type` header.
    package var contentType: String {
        let type =
            switch encoding {
            case .text: "text/plain; version=0.0.4; charset=utf-8"
            case .textUTF8: "text/plain; version=1.0.0; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            case .protobuf:
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            }
        return "\(type); escaping=\(escaping.rawValue)"
    }

    /// Chooses the format for the value of an `Accept` header (RFC 9110, section 12.5.1).
    ///
    /// The most specific range that matches a format decides its quality; the highest quality wins, then the more
    /// specific range, then the one named first. Where nothing matches, the format is text, as in client_golang.
    package static func negotiate(accept: String?) -> ExpositionFormat {
        let ranges = WeightedList(accept ?? "").elements.enumerated().map { MediaRange($1, position: $0) }
        let candidates = Encoding.allCases.compactMap { encoding -> (encoding: Encoding, range: MediaRange)? in
            let range =
                ranges
                .filter { $0.matches(encoding) }
                .min { ($1.specificity, $0.position) < ($0.specificity, $1.position) }
            return range.flatMap { $0.quality > 0 ? (encoding, $0) : nil }
        }
        let best = candidates.min { left, right in
            (right.range.quality, right.range.specificity, left.range.position)
                < (left.range.quality, left.range.specificity, right.range.position)
        }
        guard let best else { return .text }
        return ExpositionFormat(best.encoding, escaping: best.range.escaping)
    }
}

import PrometheusExposition

/// How a response's body is compressed.
enum ContentCoding: Sendable, Hashable {
    case identity
    case gzip

    /// Chooses the coding for the value of an `Accept-Encoding` header (RFC 9110, section 12.5.3).
    ///
    /// gzip is used where the client accepts it and does not prefer the plain body.
    static func negotiate(acceptEncoding: String?) -> ContentCoding {
        let elements = WeightedList(acceptEncoding ?? "").elements
        func quality(_ names: String...) -> Double? {
            elements.first { names.contains($0.value) }?.quality
        }
        let wildcard = quality("*")
        let gzip = quality("gzip", "x-gzip") ?? wildcard ?? 0
        let identity = quality("identity") ?? wildcard ?? 0
        return gzip > 0 && gzip >= identity ? .gzip : .identity
    }
}

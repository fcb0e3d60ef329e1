import Testing

@testable import ExporterHTTP

@Suite struct ContentCodingTests {
    @Test(
        "gzip is used where the client accepts it and does not prefer the plain body",
        arguments: [
            (nil, ContentCoding.identity), ("", .identity), ("gzip", .gzip), ("x-gzip", .gzip), ("GZIP", .gzip),
            ("gzip;q=0", .identity), ("gzip; q=0.0, identity", .identity), ("gzip ; q = 0.5", .gzip), ("*", .gzip),
            ("*;q=0", .identity), ("gzip;q=0, *", .identity), ("deflate, br", .identity),
            ("deflate, gzip;q=0.8, br", .gzip), ("identity, gzip;q=0.5", .identity), ("identity;q=0.5, gzip", .gzip),
            ("identity;q=0, gzip;q=0.1", .gzip), ("zstd;q=1, gzip;q=0.2", .gzip), ("gzip;q=broken", .identity),
        ]
    )
    func negotiation(acceptEncoding: String?, expected: ContentCoding) {
        #expect(ContentCoding.negotiate(acceptEncoding: acceptEncoding) == expected)
    }
}

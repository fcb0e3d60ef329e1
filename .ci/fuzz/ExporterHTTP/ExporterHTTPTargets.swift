import PrometheusExposition

/// The targets among the parsers of this module.
package enum ExporterHTTPTargets {
    package static func target(_ name: String) -> ((UnsafeRawBufferPointer) -> Void)? {
        switch name {
        case "headers": { checkHeaders($0) }
        default: nil
        }
    }

    /// What clients write: one line each for `Accept`, `Accept-Encoding`, `Authorization`, a query and an address.
    private static func checkHeaders(_ input: UnsafeRawBufferPointer) {
        let lines = input.split(separator: UInt8(ascii: "\n"), maxSplits: 4, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func line(_ index: Int) -> String { index < lines.count ? lines[index] : "" }
        checkAccept(line(0))
        let elements = WeightedList(line(1)).elements
        precondition(elements.allSatisfy { (0...1).contains($0.quality) })
        let coding = ContentCoding.negotiate(acceptEncoding: line(1))
        precondition(coding == .identity || !elements.isEmpty, "nobody asked for compression")
        if let credentials = Credentials(authorization: line(2)) {
            precondition(!credentials.user.contains(":"))
        }
        checkQuery(line(3))
        if let address = try? ListenAddress(parsing: line(4)) {
            precondition((try? ListenAddress(parsing: address.description)) == address, "an address is not its text")
        }
    }

    private static func checkAccept(_ header: String) {
        let format = ExpositionFormat.negotiate(accept: header)
        precondition(ExpositionFormat.Encoding.allCases.contains(format.encoding))
        // A client that accepts only this type must get the same format.
        precondition(ExpositionFormat.negotiate(accept: format.contentType) == format, "a format is not its text")
    }

    private static func checkQuery(_ text: String) {
        let parameters = QueryString(text).parameters
        precondition(parameters.count <= text.utf8.count / 2 + 1)
        let request = EndpointRequest(query: parameters, pathParameters: [:], accept: nil)
        for (name, value) in parameters {
            guard let only = try? request.value(name) else { continue }
            precondition(only == value)
        }
    }
}

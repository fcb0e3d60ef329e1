/// The request that an ``Endpoint`` receives.
package struct EndpointRequest: Sendable {
    /// The parameters of the query, decoded, in the order given.
    package let query: [(name: String, value: String)]
    /// The values of the path's parameters.
    package let pathParameters: [String: String]
    /// The `Accept` header.
    package let accept: String?

    /// A request from its parts.
    package init(
        query: [(name: String, value: String)] = [],
        pathParameters: [String: String] = [:],
        accept: String? = nil
    ) {
        self.query = query
        self.pathParameters = pathParameters
        self.accept = accept
    }

    /// The value of a query parameter that may be given once.
    /// - Throws: ``EndpointError`` with status 400 where it is given twice.
    package func value(_ name: String) throws(EndpointError) -> String? {
        let values = query.filter { $0.name == name }.map(\.value)
        guard values.count < 2 else {
            throw .badRequest("parameter \(name) is given \(values.count) times, give it once")
        }
        return values.first
    }
}

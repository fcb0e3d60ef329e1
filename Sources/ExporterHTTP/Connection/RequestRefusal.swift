import HTTPTypes

/// Why a request is refused before it reaches a route; the connection ends with it.
struct RequestRefusal: Error, Hashable {
    let status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    /// What is wrong, in a sentence; empty where the status is enough.
    var reason = ""
}

import HTTPTypes

/// Why a request is answered before it reaches a route; its connection ends with that.
struct RequestRefusal: Error, Hashable {
    let status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    /// What is wrong, in a sentence; empty where the status says all.
    var reason = ""
}

import HTTPTypes
import NIOCore
import NIOHTTP1

/// Refuses requests that RFC 9112 forbids to serve, and converts targets to the form that routes use.
///
/// Runs between the decoder and the program, on the event loop of its connection.
final class RequestHeadCheck: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"]

    private let limits: ConnectionLimits
    private var isRefused = false

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Bytes after a refused request are not parsed as a request.
        if isRefused { return }
        guard case .head(let head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        do {
            context.fireChannelRead(wrapInboundOut(.head(try Self.checked(head, limits))))
        } catch {
            isRefused = true
            let reason = head.method == .HEAD ? "" : error.reason
            let refusal = RequestRefusal(status: error.status, headers: error.headers, reason: reason)
            context.fireErrorCaught(refusal)
        }
    }

    /// The head that routes receive.
    static func checked(
        _ head: HTTPRequestHead,
        _ limits: ConnectionLimits
    ) throws(RequestRefusal) -> HTTPRequestHead {
        var head = head
        try checkHost(head)
        try checkBody(head.headers, head.version, limits)
        guard head.uri.utf8.count <= limits.targetBytes else {
            throw RequestRefusal(status: .uriTooLong, reason: "The target is longer than \(limits.targetBytes) bytes.")
        }
        if head.method == .OPTIONS, head.uri == "*" {
            throw RequestRefusal(status: .noContent, headers: [.allow: methods.joined(separator: ", ")])
        }
        if head.method == .CONNECT {
            throw RequestRefusal(
                status: .methodNotAllowed,
                headers: [.allow: "GET, HEAD"],
                reason: "CONNECT is not allowed here, this is no proxy."
            )
        }
        guard methods.contains(head.method.rawValue) else {
            throw RequestRefusal(status: .notImplemented, reason: "\(head.method.rawValue) is not supported here.")
        }
        head.uri = try originForm(head.uri)
        if let expectation = head.headers.first(name: "expect"), expectation.lowercased() != "100-continue" {
            throw RequestRefusal(status: .expectationFailed, reason: "The only expectation is 100-continue.")
        }
        if isLast(head) { head.headers.replaceOrAdd(name: "connection", value: "close") }
        return head
    }

    /// Whether the connection ends with this request (RFC 9112, section 9.3). A connection of HTTP/1.0 always does,
    /// since its client need not support more.
    private static func isLast(_ head: HTTPRequestHead) -> Bool {
        if !isCurrent(head.version) { return true }
        let options = head.headers[canonicalForm: "connection"]
        return options.contains { $0.lowercased() == "close" }
    }

    /// RFC 9112, section 3.2.
    private static func checkHost(_ head: HTTPRequestHead) throws(RequestRefusal) {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else {
            throw .badRequest("There are \(hosts.count) Host headers, send one.")
        }
        guard let host = hosts.first else {
            if isCurrent(head.version) { throw .badRequest("The Host header is missing.") }
            return
        }
        guard isHost(host) else { throw .badRequest("The Host header is neither a name nor an address.") }
    }

    /// Whether the version is HTTP/1.1, which has features that 1.0 lacks.
    private static func isCurrent(_ version: HTTPVersion) -> Bool {
        (version.major, version.minor) >= (1, 1)
    }

    /// Whether a text is `host`, `host:port` or empty, as RFC 3986, section 3.2, defines them.
    static func isHost(_ text: String) -> Bool {
        var name = text[...]
        var port = Substring()
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return false }
            port = name[name.index(after: end)...]
            name = name[name.index(after: name.startIndex)..<end]
            guard port.isEmpty || port.hasPrefix(":") else { return false }
            return isPort(port.dropFirst()) && !name.isEmpty
                && name.utf8.allSatisfy { isUnreserved($0) || $0 == UInt8(ascii: ":") }
        }
        if let colon = name.firstIndex(of: ":") {
            port = name[name.index(after: colon)...]
            name = name[..<colon]
        }
        return isPort(port) && name.utf8.allSatisfy { isUnreserved($0) || "!$&'()*+,;=%".utf8.contains($0) }
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(text) != nil)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// RFC 9112, section 6: the length is unambiguous, so that no two programs see two requests in the same bytes.
    private static func checkBody(
        _ headers: HTTPHeaders,
        _ version: HTTPVersion,
        _ limits: ConnectionLimits
    ) throws(RequestRefusal) {
        let codings = headers["transfer-encoding"]
        let lengths = headers["content-length"]
        if !codings.isEmpty {
            guard lengths.isEmpty else { throw .badRequest("Send Content-Length or Transfer-Encoding, not both.") }
            guard isCurrent(version) else { throw .badRequest("HTTP/1.0 has no Transfer-Encoding.") }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw RequestRefusal(status: .notImplemented, reason: "The only Transfer-Encoding is chunked.")
            }
        }
        guard lengths.count <= 1 else { throw .badRequest("There are \(lengths.count) Content-Length headers.") }
        guard let text = lengths.first else { return }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .badRequest("Content-Length must be digits.")
        }
        guard let length = Int(text), length <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    }

    /// A path with its query, also of a target that contains the server's name (RFC 9112, section 3.2.2).
    private static func originForm(_ target: String) throws(RequestRefusal) -> String {
        if target.hasPrefix("/") { return target }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            guard end > rest.startIndex, isHost(String(rest[..<end])) else { break }
            let path = rest[end...]
            return path.hasPrefix("/") ? String(path) : "/" + path
        }
        throw .badRequest("The target must be an absolute path.")
    }
}

extension RequestRefusal {
    /// Status 400.
    static func badRequest(_ reason: String) -> RequestRefusal {
        RequestRefusal(status: .badRequest, reason: reason)
    }

    /// Status 413.
    static func bodyTooLarge(_ limits: ConnectionLimits) -> RequestRefusal {
        RequestRefusal(status: .contentTooLarge, reason: "The body is greater than \(limits.bodyBytes) bytes.")
    }
}

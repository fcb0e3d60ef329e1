import HTTPTypes
import Hummingbird

extension Response {
    /// One or more lines of plain text.
    static func plainText(_ status: HTTPResponse.Status, headers: HTTPFields = [:], _ text: String) -> Response {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n"))
        )
    }
}

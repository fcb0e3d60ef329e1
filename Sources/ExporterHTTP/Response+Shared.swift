import HTTPTypes
import Hummingbird

extension ResponseBody {
    /// How much of a body is written at once.
    private static var pieceSize: Int { 64 * 1024 }

    /// Bytes that other responses share: written piece by piece, so that a client that reads slowly costs the memory of
    /// a piece and not that of a copy, also where each piece is encrypted.
    init(shared body: ByteBuffer) {
        self.init(contentLength: body.readableBytes) { writer in
            var rest = body
            while let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceSize)), piece.readableBytes > 0 {
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}

extension Response {
    /// Status 200 with a body that other responses share.
    static func shared(_ body: ByteBuffer, _ coding: ContentCoding, _ headers: HTTPFields) -> Response {
        var headers = headers
        if coding == .gzip { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(shared: body))
    }
}

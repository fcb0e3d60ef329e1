/// Why a connection ended or could not be established; the raw value is the label `reason`.
package enum DisconnectReason: String, Sendable, CaseIterable {
    /// The name did not resolve, or the host refused or did not answer.
    case connect
    /// The TLS handshake failed, or the certificate is not trusted.
    case tls
    /// The server refused the WebSocket handshake, or did not answer it.
    case handshake
    /// The venue refused every stream of the connection.
    case refused
    /// The peer closed the connection.
    case closed
    /// The connection was reset or failed after the handshake.
    case error
    /// Connected, but without a trade for the idle timeout.
    case idle
    /// Replaced, once another connection delivered trades, before it reached the venue's maximum age.
    case lifetime
    /// Replaced, once another connection delivered trades, because the venue announced that it will close the
    /// connection.
    case serverShutdown = "server_shutdown"
    /// Replaced, once another connection delivered trades, because one of its streams stayed dead.
    case deadStream = "dead_stream"
    /// The peer violated the WebSocket protocol.
    case protocolError = "protocol_error"
    /// The peer sent a frame above the size limit.
    case frameTooLarge = "frame_too_large"
}

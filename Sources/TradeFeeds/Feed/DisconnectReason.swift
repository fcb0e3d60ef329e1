/// Why a connection ended or never came up; the raw value is the label `reason`.
package enum DisconnectReason: String, Sendable, CaseIterable {
    /// The name did not resolve, or the host refused or did not answer.
    case connect
    /// The TLS handshake failed, or the certificate is not to be trusted.
    case tls
    /// The server refused the WebSocket handshake, or did not answer it.
    case handshake
    /// The venue refused every stream of the connection.
    case refused
    /// The peer closed the connection.
    case closed
    /// The connection was reset or failed in the middle.
    case error
    /// Connected, but without a trade for the idle timeout.
    case idle
    /// Replaced, while another connection already flowed, before the venue would have cut it for its age.
    case lifetime
    /// Replaced, while another connection already flowed, because the venue said that it would close.
    case serverShutdown = "server_shutdown"
    /// Replaced, while another connection already flowed, because one of its streams stayed dead.
    case deadStream = "dead_stream"
    /// The peer broke the WebSocket protocol.
    case protocolError = "protocol_error"
    /// The peer sent a frame larger than is ever read.
    case frameTooLarge = "frame_too_large"
}

/// A violation of the protocol or its limits, for which a client closes a WebSocket connection (RFC 6455).
enum WebSocketViolation: Error, Hashable, CustomStringConvertible {
    /// Bits of an extension that was not negotiated.
    case extensionBits
    case reservedOpcode(UInt8)
    /// A server must not mask frames (section 5.1).
    case masked
    /// A control frame of more than 125 bytes (section 5.5).
    case longControlFrame
    case fragmentedControlFrame
    /// A continuation frame without a message to continue.
    case continuationOfNothing
    /// A new message before the last fragment of the previous one.
    case messageWithinMessage
    case tooManyFragments
    /// More than ``WebSocketLimits/largestFrame`` in one frame or in all fragments of a message.
    case tooLarge

    var description: String {
        switch self {
        case .extensionBits: "an extension that was not negotiated"
        case .reservedOpcode(let opcode): "a frame with the reserved opcode \(opcode)"
        case .masked: "a masked frame"
        case .longControlFrame: "a control frame of more than 125 bytes"
        case .fragmentedControlFrame: "a fragmented control frame"
        case .continuationOfNothing: "a continuation without a message"
        case .messageWithinMessage: "a message before the end of the one before"
        case .tooManyFragments: "a message of more than \(WebSocketLimits.mostFragments) fragments"
        case .tooLarge: "a frame above \(WebSocketLimits.largestFrame >> 20) MiB"
        }
    }
}

import Logging
import MarketData
import NIOCore

/// Collects the results of the messages of one read until they are delivered.
///
/// One value holds all state that a message changes, so that Swift checks exclusive access once per read and not for
/// each field of each message.
struct FrameAccumulator {
    /// A frame that the connection must answer.
    struct Request {
        let opcode: WebSocketFrameHead.Opcode
        let payload: ByteBuffer
    }

    private(set) var counts = ReadCounts()
    private var trades: [Trade] = []
    private var requests: [Request] = []
    private var isClosed = false
    private var decoder: any FrameDecoder
    private var failureLog = LogLimiter<DecodeFailure>()
    private let setup: ConnectionSetup
    private let logger: Logger

    init(decoder: any FrameDecoder, setup: ConnectionSetup, logger: Logger) {
        self.decoder = decoder
        self.setup = setup
        self.logger = logger
    }

    /// Uses another decoder for all further messages.
    mutating func decode(with decoder: any FrameDecoder) {
        self.decoder = decoder
    }

    /// Processes a message or a control frame; ignores everything after a close frame.
    mutating func process(_ opcode: WebSocketFrameHead.Opcode, _ payload: RawSpan) {
        guard !isClosed else { return }
        switch opcode {
        case .text, .binary:
            decode(payload)
        case .ping, .close:
            isClosed = opcode == .close
            requests.append(Request(opcode: opcode, payload: payload.withUnsafeBytes { ByteBuffer(bytes: $0) }))
        case .pong, .continuation:
            break
        }
    }

    /// Removes and returns the frames that the connection must answer.
    mutating func drainRequests() -> [Request] {
        if requests.isEmpty { return [] }
        defer { requests = [] }
        return requests
    }

    /// Removes and returns the counts and trades since the last call.
    mutating func drainRead() -> (counts: ReadCounts, trades: [Trade]) {
        let read = (counts, trades)
        counts = ReadCounts()
        trades = []
        // The next read probably has a similar number of trades.
        trades.reserveCapacity(read.1.count)
        return read
    }

    private mutating func decode(_ message: RawSpan) {
        counts.frames += 1
        counts.bytes += message.byteCount
        let outcome: FrameOutcome
        if message.byteCount > WebSocketLimits.largestMessage {
            outcome = .failed(.oversized)
        } else {
            outcome = decoder.decode(message, into: &trades)
        }
        switch outcome {
        case .trades:
            counts.tradeFrames += 1
        case .heartbeat(let instrument, let lastID):
            setup.activity.recordHeartbeat(of: instrument, lastID: lastID, at: .now)
        case .shutdownNotice:
            logger.info("the venue is about to close the connection")
            setup.events.yield(.replace(generation: setup.id.generation, .serverShutdown))
        case .acknowledgement:
            if setup.dialogue.acknowledge(message) { setup.events.yield(.accepted(generation: setup.id.generation)) }
        case .lastTrade:
            break
        case .ignored:
            counts.ignored += 1
        case .failed(let failure):
            counts.failures.append(failure)
            if failure == .refused, let refusal = setup.dialogue.refuse(message) {
                setup.events.yield(.refused(generation: setup.id.generation, refusal))
            } else {
                log(failure, of: message)
            }
        }
    }

    private mutating func log(_ failure: DecodeFailure, of message: RawSpan) {
        guard let skipped = failureLog.shouldLog(failure, at: .now) else { return }
        let excerpt = message.extracting(first: 200).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if failure == .refused, let errorText = message.withUnsafeBytes({ VenueErrorText.text(of: $0) }) {
            logger.warning(
                "the venue reports an error",
                metadata: ["text": "\(errorText)", "since_last": .stringConvertible(skipped)]
            )
            return
        }
        logger.warning(
            "frame not decoded, continuing without it",
            metadata: [
                "reason": "\(failure.rawValue)", "since_last": .stringConvertible(skipped),
                "frame": "\(excerpt.printable)",
            ]
        )
    }
}

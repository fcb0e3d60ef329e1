import NIOCore
import NIOHTTP1
import Synchronization

/// The cause of the end of one connection. The first recorded cause counts; later ones are its effects.
final class ConnectionEnd: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var cause: Disconnect?
        var isCancelled = false
        var firstData: ContinuousClock.Instant?
        var lastData: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Stores a channel so that a cancellation can close it at any stage.
    func track(_ channel: any Channel) {
        let isCancelled = state.withLock { state in
            state.channels.append(channel)
            return state.isCancelled
        }
        if isCancelled { channel.close(promise: nil) }
    }

    func cancel() {
        let channels = state.withLock { state in
            state.isCancelled = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    func record(_ reason: DisconnectReason, _ detail: String, retryAfter: Duration? = nil) {
        state.withLock { state in
            guard state.cause == nil else { return }
            state.cause = Disconnect(reason: reason, detail: detail, retryAfter: retryAfter)
        }
    }

    /// Records that the server refused the upgrade with another status.
    func recordRefusal(status: HTTPResponseStatus, retryAfter header: String?) {
        state.withLock { state in
            guard state.cause == nil else { return }
            state.cause = Disconnect(
                reason: .handshake,
                detail: "the server answered \(status.description.printable)"
                    + (header.map { ", Retry-After \(String($0.prefix(60)).printable)" } ?? ""),
                retryAfter: RetryAfter.requestedWait(status: Int(status.code), header: header),
                status: Int(status.code)
            )
        }
    }

    /// Adds the server's text about its refusal.
    func addErrorText(_ errorText: String) {
        state.withLock { state in
            guard state.cause?.status != nil, state.cause?.errorText == nil else { return }
            state.cause?.errorText = errorText
            state.cause?.detail += ": \"\(errorText)\""
        }
    }

    func dataArrived(at instant: ContinuousClock.Instant) {
        state.withLock { state in
            if state.firstData == nil { state.firstData = instant }
            state.lastData = instant
        }
    }

    /// The recorded cause, or a close without a close frame where there is none.
    var disconnect: Disconnect {
        state.withLock { state in
            var result = state.cause ?? Disconnect(reason: .closed, detail: "the peer closed without a close frame")
            if let first = state.firstData, let last = state.lastData { result.flow = first.duration(to: last) }
            return result
        }
    }
}

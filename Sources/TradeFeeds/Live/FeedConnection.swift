import Logging
import MarketData
import NIOCore

/// One connection of a feed, from its handshake to its end.
struct FeedConnection<Adapter: VenueAdapter>: Sendable {
    let shared: LiveFeedShared<Adapter>
    let id: ConnectionID
    /// The streams that it may carry.
    let own: [InstrumentID: TradeStream]
    /// The streams that it requests.
    let streams: [InstrumentID]
    let dialogue: ConnectionSubscriptions
    let control: ConnectionControl
    let events: AsyncStream<ConnectionEvent>.Continuation

    /// A trial receives no trades, so the configured idle timeout does not apply to it.
    private static var trialIdleTimeout: Duration { .seconds(60) }

    /// Connects and runs until the connection has ended; nil when the task was cancelled.
    func run() async -> Disconnect? {
        let requested = streams.compactMap { own[$0] }
        let endpoint = shared.adapter.endpoint(for: requested)
        dialogue.recordRequest(for: streams)
        if !id.isTrial { shared.queue.offer(.connection(id, .connecting, at: .now)) }
        var logger = shared.logger
        logger[metadataKey: "connection"] = id.isTrial ? "trial" : "\(id.part).\(id.generation)"
        logger[metadataKey: "server"] = "\(endpoint)"
        let proxy = shared.configuration.proxies.proxy(host: endpoint.host, port: endpoint.port, isTLS: endpoint.isTLS)
        let connection = WebSocketConnection(endpoint: endpoint, proxy: proxy, tls: shared.tls) {
            [logger] channel, end in
            let handler = TradeFrameHandler(
                decoder: shared.adapter.makeDecoder(for: own),
                setup: ConnectionSetup(
                    id: id,
                    idleTimeout: id.isTrial ? Self.trialIdleTimeout : shared.configuration.idleTimeout,
                    activity: shared.activity,
                    dialogue: dialogue,
                    events: events
                ),
                queue: shared.queue,
                counters: shared.counters,
                end: end,
                logger: logger
            )
            let requests = RequestHandler(
                messages: shared.adapter.subscription(to: requested),
                interval: shared.adapter.messageInterval,
                keepAlive: shared.adapter.keepAlive
            )
            try channel.pipeline.syncOperations.addHandlers([requests, handler])
            let handlers = NIOLoopBound((requests: requests, frames: handler), eventLoop: channel.eventLoop)
            control.opened { [eventLoop = channel.eventLoop] command in
                eventLoop.execute {
                    switch command {
                    case .send(let messages): handlers.value.requests.send(messages)
                    case .decode(let decoder): handlers.value.frames.decode(with: decoder)
                    case .close(let reason, let detail): handlers.value.frames.close(reason, detail)
                    }
                }
            }
            events.yield(.opened(generation: id.generation))
            guard !id.isTrial else { return }
            shared.counters.update { $0.connects += 1 }
            shared.queue.offer(.connection(id, .subscribed, at: .now))
            logger.info(
                "connected, waiting for the first trade",
                metadata: ["streams": .stringConvertible(streams.count)]
            )
        }
        let disconnect = await connection.run()
        control.ended()
        if let disconnect, let refusal = refusal(in: disconnect) {
            events.yield(.refused(generation: id.generation, refusal))
        }
        return disconnect
    }

    /// The refusal of streams in the response to a refused handshake, where the endpoint names the streams.
    private func refusal(in disconnect: Disconnect) -> SubscriptionRefusal? {
        guard !shared.adapter.subscribesByMessage, let status = disconnect.status, [400, 404, 422].contains(status)
        else { return nil }
        let errorText = disconnect.errorText ?? "status \(status)"
        let refusal = dialogue.refuse(errorText, errorText: errorText)
        // Status 400 may concern one of several streams without naming it; the others count only with a name.
        return status == 400 || refusal?.isNamed == true ? refusal : nil
    }
}

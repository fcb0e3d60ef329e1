import MarketData

/// A connection, for the code that changes its streams.
struct ConnectionHandle<Adapter: VenueAdapter>: Sendable {
    let adapter: Adapter
    let control = ConnectionControl()
    let dialogue: ConnectionSubscriptions

    /// - Parameter streams: the streams that it may carry.
    init(adapter: Adapter, streams: [InstrumentID: TradeStream]) {
        self.adapter = adapter
        dialogue = ConnectionSubscriptions(streams: streams)
    }

    /// Subscribes to streams, even those that were requested before.
    func subscribe(to streams: [InstrumentID]) {
        dialogue.recordRequest(for: streams)
        send(.subscribe, streams)
    }

    /// Subscribes to the streams that are missing, and unsubscribes from those that are not needed.
    /// - Parameters:
    ///   - carried: the streams that it may carry.
    ///   - requested: those of them to subscribe to.
    func change(to carried: [InstrumentID: TradeStream], requesting requested: [InstrumentID]) {
        for action in dialogue.change(to: carried, requesting: requested) {
            switch action {
            case .decode: control.perform(.decode(adapter.makeDecoder(for: dialogue.streams)))
            case .unsubscribe(let streams): send(.unsubscribe, streams)
            case .subscribe(let streams): send(.subscribe, streams)
            case .accepted, .refused: break
            }
        }
    }

    private func send(_ request: SubscriptionRequest, _ streams: [InstrumentID]) {
        let known = dialogue.streams
        control.perform(.send([adapter.message(request, streams.compactMap { known[$0] })]))
    }
}

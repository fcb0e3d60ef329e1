import MarketData
import Testing

@testable import TradeStore

/// ``BatchStore``: batches are written completely or not at all, and the next run has what they wrote.
@Suite struct BatchStoreContract {
    @Test("a trade counts as new once, and the first version stays", arguments: StoreKind.allCases)
    func idempotence(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let first = try Samples.trades(1...50)
        #expect(try await store.write(StoreBatch(trades: first)) == 50)
        let again = try Samples.trades(40...80).map { trade in
            var trade = trade
            trade.takerSide = .sell
            return trade
        }
        // More than one statement contains.
        #expect(try await store.write(StoreBatch(trades: again + again)) == 30)
        let stored = try await store.trades(of: Samples.btc, from: Samples.time(0))
        #expect(stored == first + again.suffix(30))
        try await store.close()
    }

    @Test("the same id in another stream is another trade", arguments: StoreKind.allCases)
    func streamsApart(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let trades = [try Samples.trade(5), try Samples.trade(5, of: Samples.eth, price: "2600.01")]
        #expect(try await store.write(StoreBatch(trades: trades)) == 2)
        #expect(try await store.lastTrade(of: Samples.eth)?.price.description == "2600.01")
        try await store.close()
    }

    @Test("an id that does not fit is refused, with its batch", arguments: StoreKind.allCases, [-1, .max])
    func idOutOfRange(kind: StoreKind, id: Int64) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let batch = StoreBatch(trades: [try Samples.trade(1), try Samples.trade(id)])
        let expected = StoreError.idOutOfRange(stream: Samples.streams[Samples.btc], id: id)
        await #expect(throws: expected) { try await store.write(batch) }
        #expect(!store.acceptedIDs.contains(id))
        #expect(try await store.lastTrade(of: Samples.btc) == nil)
        try await store.close()
    }

    @Test("a refused batch keeps nothing: no trade, bar, gap or state", arguments: StoreKind.allCases)
    func refusedBatch(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let minute = try Samples.minute()
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(1)], states: [try Samples.state(1)]))
        let batch = StoreBatch(
            trades: [try Samples.trade(1), try Samples.trade(-1)],
            bars: [try Samples.bar(2)],
            gapChanges: [.put(Samples.gap(2...3))],
            states: [try Samples.state(2)]
        )
        await #expect(throws: StoreError.self) { try await store.write(batch) }
        #expect(try await store.lastKnownID(of: Samples.btc) == nil)
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, last: 9).map(\.slot) == [1])
        #expect(try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute).map(\.slot) == [1])
        try await store.close()
    }

    @Test("a read sees a gap and the first trade beyond it together", arguments: StoreKind.allCases)
    func gapWithTrade(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        try await withThrowingTaskGroup { group in
            group.addTask {
                for id in stride(from: Int64(2), through: 400, by: 2) {
                    let gap = IDGapChange.put(Samples.gap((id - 1)...(id - 1)))
                    _ = try await store.write(StoreBatch(trades: [try Samples.trade(id, at: id)], gapChanges: [gap]))
                }
            }
            group.addTask {
                var last: Int64 = 0
                while last < 400 {
                    last = try await store.lastTrade(of: Samples.btc)?.id ?? 0
                    let gaps = try await store.openGaps(of: Samples.btc)
                    #expect(gaps.count >= last / 2, "each of the ids 2 to \(last) follows a gap")
                    #expect(gaps.allSatisfy { $0.followingTime != nil })
                }
            }
            try await group.waitForAll()
        }
        try await store.close()
    }

    @Test("the next run finds the rows, whatever the order of its streams", arguments: StoreKind.allCases)
    func restart(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let first = try await place.open()
        _ = try await first.write(
            StoreBatch(
                trades: try Samples.trades(1...3) + Samples.trades(7...8, of: Samples.eth),
                bars: [try Samples.bar(1, of: Samples.eth)],
                gapChanges: [.put(Samples.gap(4...6, of: Samples.eth))],
                states: [try Samples.state(5)]
            )
        )
        try await first.close()
        let solana = TradeStream(instrument: Instrument(venue: .simulated, symbol: "SOL"), name: "trade")
        let second = try await place.open(StreamTable([solana] + Samples.streams.streams.reversed()))
        let minute = try Samples.minute()
        let (eth, btc) = (InstrumentID(1), InstrumentID(2))
        #expect(try await second.lastTrade(of: InstrumentID(0)) == nil)
        #expect(try await second.lastTrade(of: eth) == Samples.trade(8, of: eth, at: 8))
        #expect(try await second.lastTrade(of: btc)?.id == 3)
        #expect(try await second.bars(of: eth, timeframe: minute, last: 5) == [Samples.bar(1, of: eth)])
        #expect(try await second.openGaps(of: eth).map(\.gap) == [Samples.gap(4...6, of: eth)])
        let states = try await second.readingStates(of: btc, eth, timeframe: minute)
        #expect(states == [try Samples.state(5, y: btc, x: eth)])
        try await second.close()
    }

    @Test("another stream of the instrument has its own ids and gaps, and the same bars", arguments: StoreKind.allCases)
    func otherStream(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let first = try await place.open()
        let gap = IDGapChange.put(Samples.gap(2...3))
        _ = try await first.write(
            StoreBatch(trades: [try Samples.trade(5)], bars: [try Samples.bar(1)], gapChanges: [gap])
        )
        try await first.close()
        let streams = StreamTable([TradeStream(instrument: Samples.bitcoin, name: "trade")])
        let second = try await place.open(streams)
        #expect(try await second.lastTrade(of: Samples.btc) == nil)
        #expect(try await second.openGaps(of: Samples.btc) == [])
        #expect(try await second.bars(of: Samples.btc, timeframe: try Samples.minute(), last: 5).count == 1)
        try await second.close()
    }

    @Test("streams are added while others are in use, with their stored data", arguments: StoreKind.allCases)
    func addedStreams(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let first = try await place.open()
        _ = try await first.write(StoreBatch(trades: try Samples.trades(11...15, of: Samples.eth)))
        try await first.close()
        let store = try await place.open(StreamTable([Samples.streams.streams[0]]))
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...5)))
        let instrument = Instrument(venue: .binanceUSDM, symbol: "SOLUSDT")
        let new = TradeStream(instrument: instrument, name: "aggTrade")
        let added = try await store.add([new, Samples.streams.streams[0], Samples.streams.streams[1]])
        #expect(added == [InstrumentID(1), Samples.btc, InstrumentID(2)], "an existing stream keeps its id")
        #expect(store.streams.id(of: instrument) == added[0])
        #expect(try await store.lastTrade(of: added[0]) == nil)
        #expect(try await store.write(StoreBatch(trades: try Samples.trades(1...2, of: added[0]))) == 2)
        #expect(try await store.trades(of: added[0], from: Samples.time(0)).map(\.id) == [1, 2])
        #expect(try await store.trades(of: added[2], from: Samples.time(0)).map(\.id) == Array(11...15))
        #expect(try await store.trades(of: Samples.btc, from: Samples.time(0)).count == 5)
        try await store.close()
    }

    @Test("a write in a cancelled task does nothing, closing works", arguments: StoreKind.allCases)
    func cancellation(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let batch = StoreBatch(trades: [try Samples.trade(1)])
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await #expect(throws: CancellationError.self) { try await store.write(batch) }
            try await store.close()
        }
        task.cancel()
        try await task.value
        let reopened = try await place.open()
        #expect(try await reopened.lastTrade(of: Samples.btc) == nil)
        try await reopened.close()
    }

    @Test("the size grows with what is stored", arguments: StoreKind.allCases)
    func size(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        let before = try await store.sizeInBytes()
        _ = try await store.write(StoreBatch(trades: try Samples.trades(1...10_000)))
        #expect(try await store.sizeInBytes() >= before + 10_000 * 25)
        try await store.close()
    }

    @Test("closing twice does nothing, and using a closed store is an error", arguments: StoreKind.allCases)
    func closed(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        try await store.close()
        try await store.close()
        let batch = StoreBatch(trades: [try Samples.trade(1)])
        await #expect(throws: StoreError.self) { try await store.write(batch) }
        await #expect(throws: StoreError.self) { try await store.lastTrade(of: Samples.btc) }
    }
}

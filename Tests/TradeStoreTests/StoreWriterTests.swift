import Logging
import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite(.timeLimit(.minutes(2))) struct StoreWriterTests {
    private let store: ScriptedStore
    private static let patience = Duration.seconds(60)

    init() {
        store = ScriptedStore(MemoryTradeStore(streams: Samples.streams))
    }

    private func makeWriter(
        queueLimit: Int = 200_000,
        transactionLimit: Int = 10_000,
        onCommit: @escaping @Sendable (Double) -> Void = { _ in }
    ) -> StoreWriter {
        StoreWriter(
            store: store,
            queueLimit: queueLimit,
            transactionLimit: transactionLimit,
            commitInterval: .zero,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            onCommit: onCommit
        )
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }

    private func storedIDs(_ instrument: InstrumentID = Samples.btc) async throws -> [Int64] {
        try await store.trades(of: instrument, from: Timestamp(microseconds: .min)).map(\.id)
    }

    @Test("waiting batches are merged into transactions up to the limit, in order")
    func merging() async throws {
        let counter = CallCounter()
        let writer = makeWriter(transactionLimit: 100, onCommit: { _ in counter.add() })
        store.hold()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        try await until { store.attempts == 1 }
        for start in stride(from: Int64(11), to: 260, by: 10) {
            await writer.enqueue(StoreBatch(trades: try Samples.trades(start...start + 9)))
        }
        #expect(writer.metrics.queuedTrades == 260)
        #expect(writer.metrics.tradesWritten == 0)
        store.release()
        try await writer.flush(within: Self.patience)
        #expect(store.committed.map(\.trades.count) == [10, 100, 100, 50])
        #expect(store.committed.flatMap(\.trades).map(\.id) == Array(1...260))
        #expect(counter.count == 4)
        #expect(writer.metrics.tradesWritten == 260)
        #expect(writer.metrics.queuedTrades == 0)
        #expect(writer.metrics.sizeInBytes > 0)
    }

    @Test("a batch larger than a transaction is not split")
    func largeBatch() async throws {
        let writer = makeWriter(queueLimit: 50, transactionLimit: 10)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...500), gapChanges: [.put(Samples.gap(0...0))]))
        try await writer.flush(within: Self.patience)
        #expect(store.committed.map(\.recordCount) == [501])
    }

    @Test("a full queue delays the feed while the store works")
    func backpressure() async throws {
        let writer = makeWriter(queueLimit: 100, transactionLimit: 100)
        store.hold()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...100)))
        let admitted = CallCounter()
        try await withThrowingTaskGroup { group in
            let batch = StoreBatch(trades: try Samples.trades(101...110))
            group.addTask {
                await writer.enqueue(batch)
                admitted.add()
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(admitted.count == 0)
            store.release()
            try await group.waitForAll()
        }
        try await writer.flush(within: Self.patience)
        #expect(try await storedIDs() == Array(1...110))
        #expect(writer.metrics.droppedTrades == 0)
    }

    @Test("a failed transaction is counted, kept and tried again")
    func retry() async throws {
        let writer = makeWriter()
        store.fail(true)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10), bars: [try Samples.bar(1)]))
        try await until { writer.metrics.writeFailures >= 2 }
        #expect(writer.metrics.isFailing)
        #expect(writer.metrics.tradesWritten == 0)
        #expect(writer.metrics.queuedTrades == 10)
        store.fail(false)
        try await writer.flush(within: Self.patience)
        #expect(!writer.metrics.isFailing)
        #expect(writer.metrics.tradesWritten == 10)
        #expect(try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: 1).count == 1)
    }

    @Test("states do not count and are written with their bars, and those of dropped bars are dropped")
    func states() async throws {
        let writer = makeWriter(queueLimit: 2)
        let minute = try Samples.minute()
        await writer.enqueue(StoreBatch(states: [try Samples.state(0)]))
        try await writer.flush(within: Self.patience)
        #expect(try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute).map(\.slot) == [0])
        store.fail(true)
        for slot in Int64(1)...3 {
            await writer.enqueue(StoreBatch(bars: [try Samples.bar(slot)], states: [try Samples.state(slot)]))
            try await until { writer.metrics.isFailing }
        }
        store.fail(false)
        try await writer.flush(within: Self.patience)
        #expect(try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute).map(\.slot) == [2])
        #expect(try await store.bars(of: Samples.btc, timeframe: minute, last: 9).map(\.slot) == [1, 2, 3])
        for batch in store.committed {
            for state in batch.states where state.slot > 0 {
                #expect(batch.bars.contains { $0.slot == state.slot })
            }
        }
    }

    @Test("trades beyond a full queue are dropped, counted and recorded as a gap before the next trade")
    func dropping() async throws {
        let writer = makeWriter(queueLimit: 100)
        store.fail(true)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...90)))
        try await until { writer.metrics.isFailing }
        let given = IDGapChange.put(Samples.gap(1...4, of: Samples.eth, state: .unrepairable))
        await writer.enqueue(
            StoreBatch(
                trades: try Samples.trades(91...150) + Samples.trades(5...6, of: Samples.eth),
                bars: [try Samples.bar(1)],
                gapChanges: [given]
            )
        )
        #expect(writer.metrics.droppedTrades == 62)
        #expect(writer.metrics.droppedIDs.mapValues(\.count) == [Samples.btc: 60, Samples.eth: 2])
        store.fail(false)
        try await until { writer.metrics.queuedTrades == 0 }
        #expect(try await store.openGaps(of: Samples.btc) == [])
        await writer.enqueue(
            StoreBatch(trades: try Samples.trades(151...160) + [try Samples.trade(7, of: Samples.eth)])
        )
        try await writer.flush(within: Self.patience)

        #expect(try await storedIDs() == Array(1...90) + Array(151...160))
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(91...150)])
        #expect(try await store.openGaps(of: Samples.eth).map(\.gap) == [Samples.gap(5...6, of: Samples.eth)])
        #expect(store.committed.flatMap(\.gapChanges).contains(given))
        #expect(try await store.bars(of: Samples.btc, timeframe: try Samples.minute(), last: 1) == [try Samples.bar(1)])
        #expect(writer.metrics.droppedBars == 0)
        let last = try #require(store.committed.last)
        #expect(last.trades.contains { $0.id > 150 } && last.gapChanges.contains(.put(Samples.gap(91...150))))
    }

    @Test("dropped trades are requested once the store works, and written when delivered again")
    func restoring() async throws {
        let writer = makeWriter(queueLimit: 10)
        store.fail(true)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        try await until { writer.metrics.isFailing }
        await writer.enqueue(StoreBatch(trades: try Samples.trades(11...20)))
        #expect(await writer.missing(of: [Samples.btc, Samples.eth]).isEmpty)
        #expect(await writer.restore(try Samples.trades(11...20)).isEmpty)
        store.fail(false)
        try await writer.flush(within: Self.patience)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(21...22)))
        try await writer.flush(within: Self.patience)
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(11...20)])

        #expect(await writer.missing(of: [Samples.eth]).isEmpty)
        #expect(await writer.missing(of: [Samples.btc, Samples.eth]).map(\.ids) == [11...20])
        #expect(await writer.restore(try Samples.trades(9...18)).map(\.id) == [9, 10])
        await writer.markUnrepairable(19...19, of: Samples.btc)
        #expect(await writer.missing(of: [Samples.btc, Samples.eth]).map(\.ids) == [20...20])
        #expect(writer.metrics.droppedIDs.mapValues(\.count) == [Samples.btc: 1])
        try await writer.flush(within: Self.patience)
        #expect(try await storedIDs() == Array(1...18) + [21, 22])
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(20...20)])
        #expect(
            try await store.unrepairableGaps(of: Samples.btc).map(\.gap)
                == [Samples.gap(19...19, state: .unrepairable)]
        )
        #expect(writer.metrics.tradesWritten == 20)
    }

    @Test("a caller that waits for room is resumed when the store begins to fail")
    func releasedByFailure() async throws {
        let writer = makeWriter(queueLimit: 10)
        store.hold()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        try await withThrowingTaskGroup { group in
            let batch = StoreBatch(trades: try Samples.trades(11...20))
            group.addTask { await writer.enqueue(batch) }
            try await until { store.attempts == 1 }
            store.fail(true)
            store.release()
            try await group.waitForAll()
        }
        #expect(writer.metrics.droppedTrades == 10)
        store.fail(false)
        try await writer.flush(within: Self.patience)
        await writer.enqueue(StoreBatch(trades: [try Samples.trade(21)]))
        try await writer.flush(within: Self.patience)
        #expect(try await store.openGaps(of: Samples.btc).map(\.gap) == [Samples.gap(11...20)])
    }

    @Test("with failures at any time, every id is always on disk or in an open gap", arguments: 0..<8)
    func nothingSilent(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let writer = makeWriter(queueLimit: 60, transactionLimit: 20)
        var next: Int64 = 1
        for _ in 0..<150 {
            if random.next() % 10 == 0 { store.fail(random.next() % 2 == 0) }
            let count = Int64(random.next() % 12) + 1
            await writer.enqueue(StoreBatch(trades: try Samples.trades(next...next + count - 1)))
            next += count
            if random.next() % 4 == 0 { try await Task.sleep(for: .milliseconds(1)) }
        }
        store.fail(false)
        try await writer.flush(within: Self.patience)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(next...next)))
        try await writer.flush(within: Self.patience)

        var known: Set<Int64> = []
        var greatest: Int64 = 0
        for batch in store.committed {
            known.formUnion(batch.trades.map(\.id))
            for case .put(let gap) in batch.gapChanges { known.formUnion(gap.firstID...gap.lastID) }
            greatest = max(greatest, batch.trades.map(\.id).max() ?? 0)
            #expect((1...max(greatest, 1)).allSatisfy { known.contains($0) || greatest == 0 })
        }
        let metrics = writer.metrics
        let gaps = try await store.openGaps(of: Samples.btc).map(\.gap)
        let missing = gaps.reduce(0) { $0 + $1.lastID - $1.firstID + 1 }
        #expect(Int64(metrics.droppedTrades) == missing)
        #expect(Int64(metrics.tradesWritten) + missing == next)
        #expect(try await storedIDs().count == metrics.tradesWritten)

        for lost in await writer.missing(of: [Samples.btc, Samples.eth]) {
            #expect(await writer.restore(try Samples.trades(lost.ids)).isEmpty)
        }
        try await writer.flush(within: Self.patience)
        #expect(try await storedIDs() == Array(1...next))
        #expect(try await store.openGaps(of: Samples.btc).isEmpty)
        #expect(writer.metrics.droppedIDs.values.allSatisfy { $0.count == 0 })
    }

    @Test("only the trade whose id does not fit is refused")
    func refusedIDs() async throws {
        let writer = makeWriter()
        let trades = [try Samples.trade(1), try Samples.trade(-1), try Samples.trade(.max), try Samples.trade(2)]
        await writer.enqueue(StoreBatch(trades: trades))
        try await writer.flush(within: Self.patience)
        #expect(writer.metrics.refusedTrades == 2)
        #expect(try await storedIDs() == [1, 2])
    }

    @Test("pruning is counted, and so is its failure")
    func prune() async throws {
        let writer = makeWriter()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        try await writer.flush(within: Self.patience)
        await writer.prune([Samples.btc], tradesBefore: Samples.time(5), bars: [])
        #expect(writer.metrics.prunedTrades == 4)
        store.fail(true)
        await writer.prune([Samples.btc], tradesBefore: Samples.time(9), bars: [])
        #expect(writer.metrics.prunedTrades == 4)
        #expect(writer.metrics.writeFailures == 1)
    }

    @Test("a flush that times out reports the unwritten trades, and loses nothing")
    func flushTimeout() async throws {
        let writer = makeWriter()
        store.hold()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        await #expect(throws: StoreWriterError.timedOut(unwrittenTrades: 10)) {
            try await writer.flush(within: .milliseconds(5))
        }
        store.release()
        try await writer.flush(within: Self.patience)
        #expect(try await storedIDs() == Array(1...10))
    }

    @Test("cancelling a running writer writes the waiting batches and closes the store")
    func runUntilCancelled() async throws {
        let writer = makeWriter()
        let running = Task { try await writer.run(shutdownWithin: Self.patience) }
        store.hold()
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        running.cancel()
        store.release()
        try await running.value
        #expect(store.isClosed)
        #expect(try await storedIDs() == Array(1...10))

        await writer.enqueue(StoreBatch(trades: try Samples.trades(11...12)))
        #expect(writer.metrics.droppedTrades == 2)
        try await writer.shutdown(within: .zero)
    }

    @Test("a store that keeps failing does not delay the shutdown")
    func shutdownWhileFailing() async throws {
        let writer = makeWriter(queueLimit: 10)
        store.fail(true)
        await writer.enqueue(StoreBatch(trades: try Samples.trades(1...10)))
        await #expect(throws: StoreWriterError.timedOut(unwrittenTrades: 10)) {
            try await writer.shutdown(within: .milliseconds(20))
        }
        #expect(store.isClosed)
    }
}

import MarketData
import Testing

@testable import TradeStore

@Suite struct WriteQueueTests {
    @Test("batches are merged up to a transaction, and a large one is not split")
    func merging() throws {
        var queue = WriteQueue(limit: 100, transactionLimit: 10)
        for count in [4, 6, 1, 25, 1] {
            queue.append(StoreBatch(trades: try Samples.trades(1...Int64(count))))
        }
        var sizes: [Int] = []
        var positions: [Int] = []
        while let transaction = queue.next() {
            sizes.append(transaction.batch.recordCount)
            positions.append(transaction.position)
        }
        #expect(sizes == [10, 1, 25, 1])
        #expect(positions == [2, 3, 4, 5])
    }

    @Test("a transaction counts in the queue until it is finished")
    func room() throws {
        var queue = WriteQueue(limit: 10, transactionLimit: 10)
        let large = StoreBatch(trades: try Samples.trades(1...11))
        let small = StoreBatch(bars: [try Samples.bar(1)], gapChanges: [.put(Samples.gap(1...2))])
        #expect(queue.hasRoom(for: large))
        queue.append(large)
        let next = queue.next()
        let transaction = try #require(next)
        #expect(queue.isEmpty && !queue.isFinished && !queue.hasRoom(for: small))
        queue.finish(transaction)
        #expect(queue.isFinished && queue.hasRoom(for: small) && queue.recordCount == 0)
    }

    @Test("of the states of one key only the newest waits, with its bars or later ones")
    func states() throws {
        var queue = WriteQueue(limit: 100, transactionLimit: 2)
        let other = try Samples.state(1, window: 60)
        for slot in Int64(1)...5 {
            var batch = StoreBatch(bars: [try Samples.bar(slot)], states: [try Samples.state(slot)])
            if slot == 1 { batch.states.append(other) }
            queue.append(batch)
        }
        var transactions: [StoreBatch] = []
        while let transaction = queue.next() {
            transactions.append(transaction.batch)
            queue.finish(transaction)
        }
        #expect(transactions.map { $0.bars.map(\.slot) } == [[1, 2], [3, 4], [5]])
        #expect(transactions.map(\.states) == [[other], [], [try Samples.state(5)]])
        #expect(queue.isFinished && queue.recordCount == 0)
    }
}

import MarketData

/// Batches in the order of their arrival, merged to the size of a transaction.
struct WriteQueue {
    /// What one transaction writes.
    struct Transaction {
        var batch: StoreBatch
        /// The number of batches that had been appended up to its last one.
        var position: Int
    }

    /// How many records may wait.
    let limit: Int
    /// How many records of several batches one transaction contains.
    let transactionLimit: Int

    private var transactions: [Transaction] = []
    /// How many records wait or are being written.
    private(set) var recordCount = 0
    /// How many batches have been appended.
    private(set) var position = 0
    /// How many of them are written.
    private(set) var finishedPosition = 0

    init(limit: Int, transactionLimit: Int) {
        self.limit = limit
        self.transactionLimit = transactionLimit
    }

    /// The trades that wait.
    var trades: [Trade] { transactions.flatMap(\.batch.trades) }

    /// Whether nothing waits.
    var isEmpty: Bool { transactions.isEmpty }
    /// Whether nothing waits and nothing is being written.
    var isFinished: Bool { finishedPosition == position }
    /// Whether waiting longer would not make the next transaction larger.
    var hasFullTransaction: Bool { recordCount >= transactionLimit }

    /// Whether a batch may be appended; an empty queue accepts a batch of any size.
    func hasRoom(for batch: StoreBatch) -> Bool {
        recordCount == 0 || recordCount + batch.recordCount <= limit
    }

    mutating func append(_ batch: StoreBatch) {
        position += 1
        recordCount += batch.recordCount
        if !batch.states.isEmpty {
            for index in transactions.indices { transactions[index].batch.states.remove(replacedBy: batch.states) }
        }
        if let last = transactions.indices.last,
            transactions[last].batch.recordCount + batch.recordCount <= transactionLimit
        {
            transactions[last].batch.append(batch)
            transactions[last].position = position
        } else {
            transactions.append(Transaction(batch: batch, position: position))
        }
    }

    /// Removes and returns the first transaction; its records count until it is finished.
    mutating func next() -> Transaction? {
        transactions.isEmpty ? nil : transactions.removeFirst()
    }

    mutating func finish(_ transaction: Transaction) {
        recordCount -= transaction.batch.recordCount
        finishedPosition = transaction.position
    }
}

package import Logging
package import MarketData
import Synchronization

/// The bounded queue in front of a ``TradeStore``.
///
/// One task writes the batches in the order of their arrival and merges waiting ones into transactions. It handles
/// three delays:
/// - The store is slower than the feed: ``enqueue(_:)`` suspends while the queue is full, which slows the feed down.
/// - The store fails (disk full, locked, damaged): the transaction is kept and tried again at growing intervals. While
///   the queue is full, the trades of new batches are dropped. They are counted, and the lost ids are written as open
///   gaps in the same transaction as the first trade beyond them. Once the store works they are among ``missing(of:)``,
///   to be requested from the venue and written by ``restore(_:)``.
/// - The process ends: ``shutdown(within:)`` writes what is left.
///
/// Works without being started. As a service:
/// ```swift
/// func run() async throws {
///     try await cancelWhenGracefulShutdown { try await writer.run() }
/// }
/// ```
/// Put it first into the service group, which ends its services in reverse order, so that the feeds end before it.
package actor StoreWriter {
    private struct Flush {
        var position: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    private let store: any TradeStore
    private let commitInterval: Duration
    private let onCommit: @Sendable (Double) -> Void
    private let clock = ContinuousClock()
    let counters = Mutex(StoreWriterMetrics())
    private var failureLog: FailureLog

    var queue: WriteQueue
    var lost = DroppedTradeLedger()
    private var deferredBars = DeferredBars()

    private var isDraining = false
    var isFailing = false
    var isClosed = false
    private var isAbandoned = false
    private var pauseTask: Task<Void, Never>?
    private var lastCommitStart: ContinuousClock.Instant?
    private var lastSizeCheck: ContinuousClock.Instant?
    private var roomWaiters: [CheckedContinuation<Void, Never>] = []
    private var waitingForRoom = 0
    private var flushes: [Int: Flush] = [:]
    private var nextFlush = 0

    private static let firstRetry = Duration.milliseconds(100)
    private static let lastRetry = Duration.seconds(10)
    private static let sizeCheckInterval = Duration.seconds(10)

    /// A queue in front of a store, which it closes at the end.
    /// - Parameters:
    ///   - store: receives the batches.
    ///   - queueLimit: how many trades, bars and gap changes may wait.
    ///   - transactionLimit: how many of them one transaction contains; a larger batch is still one transaction.
    ///   - commitInterval: the least time between the starts of two transactions, unless one is full or a flush waits.
    ///     Small transactions write the same pages again and again.
    ///   - logger: receives failures, at most every 30 s while they continue.
    ///   - onCommit: called with the duration in seconds of each committed transaction.
    package init(
        store: any TradeStore,
        queueLimit: Int = 200_000,
        transactionLimit: Int = 10_000,
        commitInterval: Duration = .milliseconds(100),
        logger: Logger,
        onCommit: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        self.store = store
        self.commitInterval = commitInterval
        self.onCommit = onCommit
        queue = WriteQueue(limit: queueLimit, transactionLimit: transactionLimit)
        failureLog = FailureLog(logger: logger)
    }

    /// The current counts, without waiting for the actor.
    package nonisolated var metrics: StoreWriterMetrics { counters.withLock { $0 } }

    /// Appends a batch; returns when there is room for it, or at once when the store fails.
    ///
    /// Batches of one caller are written in the order of its calls. After ``shutdown(within:)`` batches are dropped.
    package func enqueue(_ batch: StoreBatch) async {
        let batch = accepted(batch)
        guard !batch.isEmpty else { return }
        if isClosed { return drop(batch) }
        await waitForRoom(for: batch)
        guard queue.hasRoom(for: batch), !isAbandoned else { return drop(batch) }
        append(batch)
    }

    /// Waits until all batches in the queue are committed.
    /// - Throws: ``StoreWriterError/timedOut(unwrittenTrades:)``; the waiting batches stay in the queue.
    package func flush(within timeout: Duration) async throws(StoreWriterError) {
        guard !queue.isFinished else { return }
        let id = nextFlush
        nextFlush += 1
        let timer = Task {
            do { try await Task.sleep(for: timeout) } catch { return }
            end(flush: id)
        }
        let isDone = await withCheckedContinuation { continuation in
            flushes[id] = Flush(position: queue.position, continuation: continuation)
            endPause()
            startDraining()
        }
        timer.cancel()
        if !isDone { throw .timedOut(unwrittenTrades: metrics.queuedTrades) }
    }

    /// Removes what is older than its retention; see ``RetentionStore/prune(_:tradesBefore:bars:)``. A failure is counted
    /// and logged.
    package func prune(
        _ instruments: [InstrumentID],
        tradesBefore time: Timestamp,
        bars: [(Timeframe, before: Timestamp)]
    ) async {
        do {
            for instrument in instruments {
                let outcome = try await store.prune([instrument], tradesBefore: time, bars: bars)
                counters.withLock { $0.prunedTrades += outcome.trades }
            }
        } catch is CancellationError {
            return
        } catch {
            counters.withLock { $0.writeFailures += 1 }
            failureLog.failed(error, at: clock.now)
        }
    }

    /// Drops further batches, writes those that wait, and closes the store. Completes even in a cancelled task.
    /// - Throws: ``StoreWriterError`` when the time is up first, or the error of closing the store; the store is closed
    ///   anyway.
    package func shutdown(within timeout: Duration) async throws {
        if isAbandoned { return }
        isClosed = true
        let deadline = clock.now + timeout
        var failure: StoreWriterError?
        while failure == nil, !queue.isFinished || waitingForRoom > 0 {
            do throws(StoreWriterError) {
                try await flush(within: deadline - clock.now)
            } catch {
                failure = error
            }
            await Task.yield()
        }
        isAbandoned = true
        endPause()
        admitWaiters()
        try await store.close()
        if let failure { throw failure }
    }

    /// Waits until the calling task is cancelled, then shuts down; see ``shutdown(within:)``.
    package func run(shutdownWithin timeout: Duration = .seconds(3)) async throws {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(3600))
        }
        try await shutdown(within: timeout)
    }
}

extension StoreWriter {
    private func accepted(_ batch: StoreBatch) -> StoreBatch {
        let ids = store.acceptedIDs
        guard batch.trades.contains(where: { !ids.contains($0.id) }) else { return batch }
        var batch = batch
        let count = batch.trades.count
        batch.trades.removeAll { !ids.contains($0.id) }
        counters.withLock { $0.refusedTrades += count - batch.trades.count }
        return batch
    }

    func waitForRoom(for batch: StoreBatch) async {
        while !queue.hasRoom(for: batch), !isFailing, !isAbandoned {
            waitingForRoom += 1
            await withCheckedContinuation { roomWaiters.append($0) }
            waitingForRoom -= 1
        }
    }

    private func drop(_ batch: StoreBatch) {
        lost.drop(batch)
        let refusedBars = deferredBars.keep(batch.bars)
        counters.withLock {
            $0.droppedTrades += batch.trades.count
            for trade in batch.trades {
                let known = $0.droppedIDs[trade.instrument, default: DroppedIDs()]
                $0.droppedIDs[trade.instrument] = DroppedIDs(
                    count: known.count + 1,
                    lastTime: max(known.lastTime, trade.time)
                )
            }
            $0.droppedBars += refusedBars
        }
    }

    func append(_ batch: StoreBatch) {
        var batch = batch
        if !deferredBars.isEmpty { batch.bars = deferredBars.removeAll() + batch.bars }
        lost.amend(&batch)
        queue.append(batch)
        counters.withLock { $0.queuedTrades += batch.trades.count }
        if queue.hasFullTransaction, !isFailing { endPause() }
        startDraining()
    }

    private func startDraining() {
        guard !isDraining, !isAbandoned else { return }
        isDraining = true
        // A task without a parent: the caller's cancellation and priority must not affect the queued batches.
        Task { await drain() }
    }

    private func drain() async {
        while !isAbandoned, !queue.isEmpty {
            if !queue.hasFullTransaction, flushes.isEmpty, let lastCommitStart {
                await pause(until: lastCommitStart + commitInterval)
            }
            guard !isAbandoned, let transaction = queue.next() else { break }
            await commit(transaction)
        }
        isDraining = false
    }

    private func commit(_ waiting: WriteQueue.Transaction) async {
        var transaction = waiting
        var retry = Self.firstRetry
        while !isAbandoned {
            let start = clock.now
            lastCommitStart = start
            do {
                let new = try await store.write(transaction.batch)
                onCommit((clock.now - start) / .seconds(1))
                await committed(waiting, new: new)
                return
            } catch let moved as StoreMoved {
                for missing in moved.missing { recordLoss(missing, with: transaction) }
                lost.amend(&transaction.batch)
            } catch {
                isFailing = true
                counters.withLock {
                    $0.writeFailures += 1
                    $0.isFailing = true
                }
                failureLog.failed(error, at: clock.now)
                admitWaiters()
                await pause(until: clock.now + retry)
                retry = min(retry * 2, Self.lastRetry)
            }
        }
    }

    /// Records ids that were written and that the store has lost; they are requested from the venue again.
    private func recordLoss(_ missing: StoreMoved.Missing, with transaction: WriteQueue.Transaction) {
        let count = lost.recordLoss(missing, except: transaction.batch.trades + queue.trades)
        counters.withLock {
            let known = $0.droppedIDs[missing.instrument, default: DroppedIDs()]
            $0.droppedIDs[missing.instrument] = DroppedIDs(
                count: known.count + count,
                lastTime: max(known.lastTime, missing.lastTime)
            )
        }
    }

    private func committed(_ transaction: WriteQueue.Transaction, new: Int) async {
        if isFailing {
            isFailing = false
            failureLog.recovered(droppedTrades: metrics.droppedTrades)
            if !deferredBars.isEmpty { append(StoreBatch()) }
        }
        queue.finish(transaction)
        counters.withLock {
            $0.tradesWritten += new
            $0.queuedTrades -= transaction.batch.trades.count
            $0.isFailing = false
        }
        for (id, flush) in flushes where flush.position <= queue.finishedPosition {
            flushes[id] = nil
            flush.continuation.resume(returning: true)
        }
        admitWaiters()
        let now = clock.now
        if lastSizeCheck.map({ now - $0 >= Self.sizeCheckInterval }) ?? true {
            lastSizeCheck = now
            if let size = try? await store.sizeInBytes() {
                counters.withLock { $0.sizeInBytes = size }
            }
        }
    }

    private func end(flush id: Int) {
        flushes.removeValue(forKey: id)?.continuation.resume(returning: false)
    }

    private func admitWaiters() {
        let waiters = roomWaiters
        roomWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func pause(until moment: ContinuousClock.Instant) async {
        let sleep = Task { [clock] in _ = try? await clock.sleep(until: moment) }
        pauseTask = sleep
        await sleep.value
        pauseTask = nil
    }

    /// Ends a pause early.
    private func endPause() {
        pauseTask?.cancel()
    }
}

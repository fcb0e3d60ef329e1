import Logging
import MarketData
import Synchronization

/// Logs notices about the ids of streams, each kind at most once in ten seconds for a stream; counters count them all.
final class NoticeLog: Sendable {
    private struct Key: Hashable {
        var instrument: InstrumentID
        var kind: String
    }

    private static let interval = Duration.seconds(10)

    private let streams: StreamTable
    private let logger: Logger
    private let lines = Mutex<[Key: (last: ContinuousClock.Instant, skipped: Int)]>([:])

    init(streams: StreamTable, logger: Logger) {
        self.streams = streams
        self.logger = logger
    }

    /// Logs a notice, unless one of the same kind and stream was logged within ten seconds.
    func log(_ notice: PipelineNotice) {
        switch notice {
        case .numberingReset(let instrument, let lastID, let firstID, let numbering):
            warn(
                "the venue has begun to number its trades again, continuing with the new numbers",
                of: instrument,
                [
                    "last_id": .stringConvertible(lastID), "first_id": .stringConvertible(firstID),
                    "numbering": .stringConvertible(numbering + 1),
                ]
            )
        case .jumpConfirmed(let instrument, let lastID, let firstID):
            warn(
                "the venue's trade ids jump ahead, the ids between count as missing",
                of: instrument,
                ["last_id": .stringConvertible(lastID), "first_id": .stringConvertible(firstID)]
            )
        case .idRefused(let instrument, let id, let lastID):
            warn(
                "a trade is discarded: its id is far from those before and after it, and no other trade confirms it",
                of: instrument,
                ["id": .stringConvertible(id), "last_id": .stringConvertible(lastID)]
            )
        case .gapsMerged(let instrument):
            warn(
                "more gaps than are kept apart: the oldest are given up",
                of: instrument,
                ["limit": .stringConvertible(TradeSequence.maximumGaps)]
            )
        }
    }

    private func warn(_ message: String, of instrument: InstrumentID, _ metadata: Logger.Metadata) {
        let skipped = lines.withLock { lines -> Int? in
            let key = Key(instrument: instrument, kind: message)
            let now = ContinuousClock.now
            if let line = lines[key], line.last.duration(to: now) < Self.interval {
                lines[key]?.skipped += 1
                return nil
            }
            defer { lines[key] = (now, 0) }
            return lines[key]?.skipped ?? 0
        }
        guard let skipped else { return }
        var metadata = metadata
        metadata["stream"] = "\(streams[instrument])"
        if skipped > 0 { metadata["skipped"] = .stringConvertible(skipped) }
        logger.warning("\(message)", metadata: metadata)
    }
}

package import MarketData
import TradeFeeds

/// A file of bars for an import, surveyed in a first pass: a table with a time, `open`, `high`, `low`, `close`, and
/// optionally `venue`, `symbol`, `timeframe`, `volume`, `trades` and `state`; or candles without a header as Binance
/// and Kraken publish them. The file is plain, gzip, ZIP or xz.
package struct BarFile: Sendable {
    /// The bars of one instrument with one length in the file.
    package struct Content: Hashable, Sendable {
        /// The instrument of the bars.
        package var instrument: Instrument
        /// The length of the bars.
        package var timeframe: Timeframe
        /// The number of bars.
        package var bars: Int
        /// The first and the last slot.
        package var slots: ClosedRange<Int64>
        /// The smallest distance from one bar to the next in the file, in slots.
        fileprivate var leastStep = Int64.max
        fileprivate var lastSlot: Int64?
    }

    /// The path of the file.
    package let path: String
    /// A checksum of the content, 16 hexadecimal digits.
    package let checksum: String
    /// The contents, in the order of their first occurrence.
    package let contents: [Content]
    /// The number of rows.
    package let rows: Int
    /// The number of rows that exactly repeat an earlier row; they are skipped.
    package let repeats: Int
    /// The rows that contain no valid bar.
    package let refused: RefusedRows
    private let naming: TradeFileNaming
    private let timeframe: Timeframe?
    private let needsMemory: Bool

    /// The number of bars from which on two of them must be in adjacent slots, if the stated length is right.
    private static let enough = 20

    /// The instruments, in the order of their first occurrence.
    package var instruments: [Instrument] {
        var known: Set<Instrument> = []
        return contents.map(\.instrument).filter { known.insert($0).inserted }
    }

    /// Whether a file is a table of bars.
    package static func isBars(_ path: String) -> Bool {
        guard let start = try? FileStart(path: path) else { return false }
        return BarSource.header(start).flatMap { BarColumns(header: $0, start: start) } != nil
    }

    /// Reads the complete file.
    /// - Parameters:
    ///   - path: the file.
    ///   - naming: names that the file does not state; its stream is not used.
    ///   - timeframe: the length of the bars of a file that does not state it.
    ///   - onProgress: called at intervals with the share of the file that has been read, from 0 to 1.
    /// - Throws: ``ReplayError``.
    package init(
        path: String,
        naming: TradeFileNaming,
        timeframe: Timeframe?,
        onProgress: (Double) -> Void = { _ in }
    ) throws(ReplayError) {
        let first = try BarSource(path: path, naming: naming, timeframe: timeframe)
        var survey = try Survey(first, storesHashes: false, onProgress)
        // A file that is not sorted may repeat a time anywhere, so a second pass stores the times of all bars.
        needsMemory = !survey.isOrdered
        if needsMemory {
            let second = try BarSource(path: path, naming: naming, timeframe: timeframe)
            survey = try Survey(second, storesHashes: true, onProgress)
        }
        guard !survey.contents.isEmpty else {
            guard let first = survey.refused.first.first else {
                throw .unusable(path: path, problem: "it has no bar; it has a header and no rows")
            }
            throw .unusable(path: path, line: first.line, problem: "\(first.problem); no row of the file is a bar")
        }
        for content in survey.contents where content.bars >= Self.enough && content.leastStep > 1 {
            let step = content.timeframe.microseconds / 1_000_000 * content.leastStep
            throw .unusable(
                path: path,
                problem:
                    "no two of the \(content.bars) bars of \(content.instrument) are closer than \(step) s, so they are "
                    + "not bars of \(content.timeframe); state their length with --timeframe"
            )
        }
        self.path = path
        self.naming = naming
        self.timeframe = timeframe
        checksum = survey.checksum
        contents = survey.contents
        rows = survey.rows
        repeats = survey.repeats
        refused = survey.refused
    }

    /// Reads the file again, and delivers its bars in batches in the order of the file. ``Bar/instrument`` is the
    /// position in ``instruments``, and ``Bar/origin`` is ``BarOrigin/klines``.
    /// - Parameters:
    ///   - batchSize: returns the greatest number of bars in the next batch; called before each batch.
    ///   - body: receives a batch and the share of the file that has been read.
    /// - Throws: ``ReplayError``, or the error of `body`.
    package func read(
        batchSize: () -> Int,
        _ body: ([Bar], Double) async throws -> Void
    ) async throws {
        let source = try BarSource(path: path, naming: naming, timeframe: timeframe)
        let size = Double(max(1, source.fileSize))
        var filter = RepeatedBars(storesHashes: needsMemory)
        var batch: [Bar] = []
        var limit = batchSize()
        batch.reserveCapacity(limit)
        while let line = try source.next() {
            if case .bar(let bar, _) = filter.checked(line) { batch.append(bar) }
            guard batch.count >= limit else { continue }
            try await body(batch, Double(source.inputCount) / size)
            batch.removeAll(keepingCapacity: true)
            limit = batchSize()
        }
        if !batch.isEmpty { try await body(batch, 1) }
    }

    /// One pass over the complete file.
    private struct Survey {
        var contents: [Content] = []
        var refused = RefusedRows()
        var repeats = 0
        let rows: Int
        let checksum: String
        let isOrdered: Bool

        init(_ source: BarSource, storesHashes: Bool, _ onProgress: (Double) -> Void) throws(ReplayError) {
            let size = Double(max(1, source.fileSize))
            var filter = RepeatedBars(storesHashes: storesHashes)
            var count = 0
            while let line = try source.next() {
                count += 1
                if count % 65_536 == 0 { onProgress(Double(source.inputCount) / size) }
                switch filter.checked(line) {
                case .bar(let bar, let series):
                    if series == contents.count {
                        contents.append(
                            Content(
                                instrument: source.instruments[Int(bar.instrument.index)],
                                timeframe: bar.timeframe,
                                bars: 0,
                                slots: bar.slot...bar.slot
                            )
                        )
                    }
                    contents[series].add(bar.slot)
                case .repeated: repeats += 1
                case .failed(let fault): refused.add(fault, line: source.lineNumber)
                }
            }
            rows = source.rowCount
            checksum = source.checksum
            isOrdered = filter.isOrdered
        }
    }
}

extension BarFile.Content {
    fileprivate mutating func add(_ slot: Int64) {
        bars += 1
        if let lastSlot, slot != lastSlot {
            let (difference, overflow) = slot.subtractingReportingOverflow(lastSlot)
            if !overflow { leastStep = min(leastStep, Int64(clamping: difference.magnitude)) }
        }
        lastSlot = slot
        if !slots.contains(slot) { slots = min(slots.lowerBound, slot)...max(slots.upperBound, slot) }
    }
}

/// Detects bars with the time of an earlier row of the file.
///
/// While the times of each series are monotonic, a repeat directly follows its original; otherwise a hash of every
/// bar's values is stored.
private struct RepeatedBars {
    enum Outcome {
        /// A bar, and the number of its series in the order of first occurrence.
        case bar(Bar, series: Int)
        /// A bar that exactly repeats an earlier one.
        case repeated
        case failed(RowFault)
    }

    /// The key of bars of one instrument and length.
    private struct Series: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
    }

    private struct Progress {
        var last: Bar
        var isAscending: Bool?
        var hashes: [Int64: Int] = [:]
    }

    private let storesHashes: Bool
    private var numbers: [Series: Int] = [:]
    private var progress: [Progress] = []
    /// The series of the previous bar, which is usually that of the next one, too.
    private var latest = 0
    /// Whether the times of each series are monotonic so far.
    private(set) var isOrdered = true

    init(storesHashes: Bool) {
        self.storesHashes = storesHashes
    }

    mutating func checked(_ line: BarSource.Line) -> Outcome {
        switch line {
        case .failed(let fault): return .failed(fault)
        case .bar(let bar):
            let series = number(of: bar)
            guard series < progress.count else {
                progress.append(Progress(last: bar, hashes: storesHashes ? [bar.slot: bar.prices.hashValue] : [:]))
                return .bar(bar, series: series)
            }
            let earlier =
                storesHashes
                ? Self.record(bar, &progress[series].hashes) : Self.compare(bar, &progress[series], &isOrdered)
            guard let isSame = earlier else { return .bar(bar, series: series) }
            return isSame ? .repeated : .failed(Self.fault(bar))
        }
    }

    private mutating func number(of bar: Bar) -> Int {
        if latest < progress.count, progress[latest].last.instrument == bar.instrument,
            progress[latest].last.timeframe == bar.timeframe
        {
            return latest
        }
        let series = Series(instrument: bar.instrument, timeframe: bar.timeframe)
        latest = numbers[series] ?? numbers.count
        numbers[series] = latest
        return latest
    }

    /// Whether the earlier row with the time of a bar has the same values; nil without such a row.
    private static func record(_ bar: Bar, _ hashes: inout [Int64: Int]) -> Bool? {
        let hash = bar.prices.hashValue
        if let earlier = hashes[bar.slot] { return hash == earlier }
        hashes[bar.slot] = hash
        return nil
    }

    /// The same for a series with monotonic times.
    private static func compare(_ bar: Bar, _ progress: inout Progress, _ isOrdered: inout Bool) -> Bool? {
        if bar.slot == progress.last.slot { return bar.prices == progress.last.prices }
        let isAscending = bar.slot > progress.last.slot
        if let direction = progress.isAscending, direction != isAscending { isOrdered = false }
        progress.isAscending = isAscending
        progress.last = bar
        return nil
    }

    private static func fault(_ bar: Bar) -> RowFault {
        RowFault(
            .repeated,
            "an earlier row has the bar of \(ISO8601.text(bar.openTime)) with other values; the earlier one is kept"
        )
    }
}

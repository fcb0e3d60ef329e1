public import MarketData

/// A CSV of bars with a header: a time (`open_time`, in seconds, milliseconds or microseconds by magnitude), `open`,
/// `high`, `low`, `close`, and optionally `venue`, `symbol`, `timeframe`, `volume`, `trades` and `state`; plain, gzip or
/// ZIP.
public struct BarFile: Sendable {
    /// A line that gave no bar.
    public struct Fault: Hashable, Sendable {
        /// Its number, from 1.
        public var line: Int
        /// What is wrong with it.
        public var problem: String
    }

    /// Where it is.
    public let path: String
    /// A checksum of the content.
    public let checksum: String
    /// The instruments, in the order in which they first occur.
    public let instruments: [Instrument]
    /// The bars; ``Bar/instrument`` is the position in ``instruments``, ``Bar/origin`` is ``BarOrigin/klines``.
    public let bars: [Bar]
    /// How many lines gave no bar.
    public let faultCount: Int
    /// The first of them.
    public let faults: [Fault]

    /// Whether a file begins with a header of bars rather than anything about trades.
    public static func isBars(_ path: String) -> Bool {
        guard let reader = try? LineReader(path: path) else { return false }
        while let line = (try? reader.withNextLine { bytes, _ in text(bytes) }) ?? nil {
            if line.isEmpty || line.hasPrefix("#") { continue }
            return BarColumns(header: line) != nil
        }
        return false
    }

    /// Reads the whole file.
    /// - Parameters:
    ///   - path: the file.
    ///   - naming: what the file does not say; its stream is not used.
    ///   - timeframe: the length of the bars of a file that does not say it.
    /// - Throws: ``ReplayError``.
    public init(path: String, naming: TradeFileNaming, timeframe: Timeframe?) throws(ReplayError) {
        let reader = try LineReader(path: path)
        var columns: BarColumns?
        var checksum = ContentChecksum()
        var numbers: [Instrument: Int] = [:]
        var instruments: [Instrument] = []
        var bars: [Bar] = []
        var faults: [Fault] = []
        var faultCount = 0
        while let line = try reader.withNextLine({ bytes, _ in
            checksum.add(bytes)
            return Self.text(bytes)
        }) {
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let known = columns else {
                columns = BarColumns(header: line)
                if columns == nil {
                    throw .missingColumn(path: path, names: BarColumns.required, header: String(line.prefix(200)))
                }
                continue
            }
            do throws(BarColumns.Problem) {
                let row = try known.row(line)
                let venue = row.venue.map { Venue(rawValue: $0) }
                guard let venue = naming.venue ?? venue ?? naming.standardVenue else {
                    throw BarColumns.Problem("no venue; say it with --venue")
                }
                guard let symbol = row.symbol ?? naming.symbol else {
                    throw BarColumns.Problem("no symbol; say it with --symbol")
                }
                guard let timeframe = row.timeframe ?? timeframe else {
                    throw BarColumns.Problem("no timeframe; say it with --timeframe")
                }
                let instrument = Instrument(venue: venue, symbol: symbol)
                let number = numbers[instrument] ?? instruments.count
                if number == instruments.count {
                    numbers[instrument] = number
                    instruments.append(instrument)
                }
                bars.append(try row.bar(of: InstrumentID(number), timeframe: timeframe))
            } catch {
                faultCount += 1
                if faults.count < TradeFile.keptFaults {
                    faults.append(Fault(line: reader.lineNumber, problem: error.text))
                }
            }
        }
        guard !bars.isEmpty else {
            let first = faults.first.map { "; line \($0.line): \($0.problem)" } ?? ""
            throw .unusable(path: path, problem: "none of its \(reader.lineNumber) lines holds a bar\(first)")
        }
        self.path = path
        self.checksum = checksum.text
        self.instruments = instruments
        self.bars = bars
        self.faults = faults
        self.faultCount = faultCount
    }

    private static func text(_ bytes: RawSpan) -> String {
        String(
            decoding: (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) },
            as: UTF8.self
        )
    }
}

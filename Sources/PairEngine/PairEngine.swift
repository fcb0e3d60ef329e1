public import MarketData

/// All pairs: closed bars in, one reading per (pair, timeframe, window) out.
///
/// A value with one owner, which feeds it bars in order; readings are copied out as an immutable snapshot. Tests come
/// back as jobs that the owner runs elsewhere, and their outcomes are handed in again.
public struct PairEngine: Sendable {
    /// The pairs, in the order of the configuration.
    public let definitions: [PairDefinition]
    /// The latest reading of each pair × timeframe × window, in that order.
    public private(set) var readings: [PairReading] = []
    private let settings: EngineSettings
    private var monitors: [PairMonitor] = []
    private var monitorOfReading: [Int] = []
    private var monitorsOfBar: [BarKey: [Int]] = [:]
    private var touched: Set<Int> = []
    private var watermarks: [InstrumentID: Timestamp] = [:]
    private var clocks: [InstrumentID: Timestamp] = [:]

    private struct BarKey: Hashable {
        let instrument: InstrumentID
        let timeframe: Timeframe
    }

    /// An engine that has seen nothing.
    public init(definitions: [PairDefinition], settings: EngineSettings) {
        self.definitions = definitions
        self.settings = settings
        for (pair, definition) in definitions.enumerated() {
            for timeframe in definition.timeframes {
                let position = monitors.count
                monitors.append(
                    PairMonitor(
                        definition: definition,
                        timeframe: timeframe,
                        firstReading: readings.count,
                        settings: settings
                    )
                )
                for window in definition.windows {
                    readings.append(PairReading(pair: pair, timeframe: timeframe, window: window))
                    monitorOfReading.append(position)
                }
                for instrument in Set([definition.y, definition.x]) {
                    monitorsOfBar[BarKey(instrument: instrument, timeframe: timeframe), default: []].append(position)
                }
            }
        }
    }

    /// Bars of history after which every reading of this timeframe, and its share of passed tests, is complete.
    public func historyLength(timeframe: Timeframe) -> Int {
        let lengths = definitions.filter { $0.timeframes.contains(timeframe) }.flatMap { definition in
            definition.windows.map { window in
                let interval = definition.tests.interval(window: window)
                return window + PassHistory.span(window: window, interval: interval) + 1
            }
        }
        return lengths.max() ?? 0
    }

    /// The timeframes that any pair of this instrument is watched at.
    public func timeframes(of instrument: InstrumentID) -> [Timeframe] {
        let pairs = definitions.filter { $0.y == instrument || $0.x == instrument }
        return Set(pairs.flatMap(\.timeframes)).sorted()
    }

    /// Takes a closed bar; bars of one instrument and timeframe come in ascending order.
    public mutating func append(_ bar: Bar) {
        for position in monitorsOfBar[BarKey(instrument: bar.instrument, timeframe: bar.timeframe)] ?? [] {
            monitors[position].append(bar)
            touched.insert(position)
        }
    }

    /// Takes a gap in place of a bar that turned out to overlap missing trades.
    public mutating func revise(_ bar: Bar) {
        for position in monitorsOfBar[BarKey(instrument: bar.instrument, timeframe: bar.timeframe)] ?? [] {
            monitors[position].revise(bar)
        }
    }

    /// Completes what the watermarks allow.
    /// - Parameters:
    ///   - instruments: the positions of the instruments whose feed speaks.
    ///   - watermark: their bars are closed up to here.
    ///   - now: their feed's clock, which decides how long a leg is waited for.
    /// - Returns: tests that became due, in order.
    public mutating func advance(instruments: Range<Int>, watermark: Timestamp, now: Timestamp) -> [TestJob] {
        for index in instruments {
            watermarks[InstrumentID(index)] = watermark
            clocks[InstrumentID(index)] = now
        }
        var jobs: [TestJob] = []
        for position in touched.sorted() {
            let definition = monitors[position].definition
            let isKnown = watermarks[definition.y] != nil && watermarks[definition.x] != nil
            let legs = [watermarks[definition.y], watermarks[definition.x]].compactMap(\.self)
            let clock = [clocks[definition.y], clocks[definition.x]].compactMap(\.self).max()
            monitors[position].advance(
                watermark: isKnown ? legs.min() : nil,
                now: clock,
                timeout: settings.pairTimeout,
                readings: &readings,
                jobs: &jobs
            )
            if !monitors[position].isWaiting { touched.remove(position) }
        }
        return jobs
    }

    /// Takes the result of tests.
    public mutating func complete(_ job: TestJob, _ outcome: TestOutcome) {
        monitors[monitorOfReading[job.reading]].complete(job, outcome, readings: &readings)
    }

    /// Takes bars of the past, in any order, as if they had closed one after another, tests included.
    ///
    /// Of the tests only the last of each reading runs in full; of those before, only what is remembered of them.
    public mutating func warm(with bars: [Bar]) {
        var lastJobs: [Int: TestJob] = [:]
        for (_, bars) in Dictionary(grouping: bars, by: \.timeframe).sorted(by: { $0.key < $1.key }) {
            let slots = Dictionary(grouping: bars, by: \.slot)
            for (_, bars) in slots.sorted(by: { $0.key < $1.key }) {
                bars.forEach { append($0) }
                for job in settle(through: bars[0].closeTime) {
                    if let job = lastJobs.updateValue(job, forKey: job.reading) { remember(job) }
                }
            }
        }
        for job in lastJobs.values { complete(job, job.run()) }
    }

    private mutating func remember(_ job: TestJob) {
        monitors[monitorOfReading[job.reading]].remember(job, job.cointegration())
    }

    private mutating func settle(through closeTime: Timestamp) -> [TestJob] {
        var jobs: [TestJob] = []
        for position in touched.sorted() {
            monitors[position].advance(
                watermark: closeTime,
                now: nil,
                timeout: settings.pairTimeout,
                readings: &readings,
                jobs: &jobs
            )
        }
        touched.removeAll()
        return jobs
    }
}

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
    /// What watches each instrument, by its position.
    private var audiences: [Audience]
    /// Monitors that took a bar, or hold one that waits, each once.
    private var touched: [Int] = []
    private var isTouched: [Bool] = []

    /// The monitors of one instrument at each timeframe, and how far its feed is.
    private struct Audience {
        var monitors: [(timeframe: Timeframe, positions: [Int])] = []
        var watermark: Timestamp?
        var clock: Timestamp?

        mutating func add(_ position: Int, at timeframe: Timeframe) {
            if let index = monitors.firstIndex(where: { $0.timeframe == timeframe }) {
                monitors[index].positions.append(position)
            } else {
                monitors.append((timeframe, [position]))
            }
        }
    }

    /// An engine that has seen nothing.
    public init(definitions: [PairDefinition], settings: EngineSettings) {
        self.definitions = definitions
        self.settings = settings
        let instruments = definitions.flatMap { [$0.y, $0.x] }
        audiences = Array(repeating: Audience(), count: (instruments.max().map { Int($0.index) } ?? -1) + 1)
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
                    readings.append(
                        PairReading(
                            pair: pair,
                            timeframe: timeframe,
                            window: window,
                            price: definition.price,
                            minimumFill: settings.minimumFill
                        )
                    )
                    monitorOfReading.append(position)
                }
                for instrument in Set([definition.y, definition.x]) {
                    audiences[Int(instrument.index)].add(position, at: timeframe)
                }
            }
        }
        isTouched = Array(repeating: false, count: monitors.count)
    }

    /// Bars of history after which every reading of this timeframe is complete: its share of passed tests, and signals in
    /// the state that a program which never stopped would have.
    public func historyLength(timeframe: Timeframe) -> Int {
        let lengths = definitions.filter { $0.timeframes.contains(timeframe) }.flatMap { definition in
            definition.windows.map { window in
                PairReplay.historyLength(window: window, tests: definition.tests, thresholds: definition.signals)
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
        for position in monitors(of: bar) {
            monitors[position].append(bar)
            touch(position)
        }
    }

    /// Takes a bar in place of one that was told or was missing: a gap where trades turned out to be missing, a value where
    /// they came after all, a candle from before the first bar.
    public mutating func revise(_ bar: Bar) {
        for position in monitors(of: bar) {
            monitors[position].revise(bar)
            touch(position)
        }
    }

    private mutating func touch(_ position: Int) {
        guard !isTouched[position] else { return }
        isTouched[position] = true
        touched.append(position)
    }

    /// Completes what the watermarks allow.
    /// - Parameters:
    ///   - instruments: the positions of the instruments whose feed speaks.
    ///   - watermark: their bars are closed up to here.
    ///   - now: their feed's clock, which decides how long a leg is waited for.
    /// - Returns: tests that became due, in order.
    public mutating func advance(instruments: Range<Int>, watermark: Timestamp, now: Timestamp) -> [TestJob] {
        for index in instruments.clamped(to: audiences.indices) {
            audiences[index].watermark = watermark
            audiences[index].clock = now
        }
        var jobs: [TestJob] = []
        touched.sort()
        for position in touched {
            let y = Int(monitors[position].y.index)
            let x = Int(monitors[position].x.index)
            monitors[position].advance(
                watermark: Self.earlier(audiences[y].watermark, audiences[x].watermark),
                now: Self.later(audiences[y].clock, audiences[x].clock),
                timeout: settings.pairTimeout,
                readings: &readings,
                jobs: &jobs
            )
            isTouched[position] = monitors[position].isWaiting
        }
        touched.removeAll { !isTouched[$0] }
        return jobs
    }

    /// Takes the result of tests.
    public mutating func complete(_ job: TestJob, _ outcome: TestOutcome) {
        monitors[monitorOfReading[job.reading]].complete(job, outcome, readings: &readings)
    }

    /// Goes on with what an earlier engine knows of the pairs and timeframes that both watch alike, so that windows and
    /// what is remembered of them outlive a change elsewhere. Both must have taken the same bars.
    public mutating func adopt(_ earlier: PairEngine) {
        guard settings == earlier.settings else { return }
        let ownReadings = Dictionary(grouping: readings.indices) { monitorOfReading[$0] }
        let otherReadings = Dictionary(grouping: earlier.readings.indices) { earlier.monitorOfReading[$0] }
        var sources: [PairDefinition: Int] = [:]
        for (source, indices) in otherReadings { sources[earlier.essence(of: indices[0])] = source }
        for (position, indices) in ownReadings {
            guard let source = sources[essence(of: indices[0])] else { continue }
            monitors[position].adopt(earlier.monitors[source])
            for (index, other) in zip(indices, otherReadings[source] ?? []) {
                let pair = readings[index].pair
                readings[index] = earlier.readings[other]
                readings[index].pair = pair
            }
            if earlier.isTouched[source], !isTouched[position] {
                isTouched[position] = true
                touched.append(position)
            }
        }
        for index in audiences.indices where earlier.audiences.indices.contains(index) {
            audiences[index].watermark = earlier.audiences[index].watermark ?? audiences[index].watermark
            audiences[index].clock = earlier.audiences[index].clock ?? audiences[index].clock
        }
    }

    /// What decides about the readings of one pair at one timeframe: everything but the pair's name.
    private func essence(of reading: Int) -> PairDefinition {
        var definition = definitions[readings[reading].pair]
        definition.name = ""
        definition.timeframes = [readings[reading].timeframe]
        return definition
    }

    /// Takes bars of the past, in any order, as if they had closed one after another, tests included.
    ///
    /// Of the tests only the last of each reading runs in full; of those before, only what is remembered of them. Signals
    /// end up in the state that they had, but their beginnings are not counted again.
    public mutating func warm(with bars: [Bar]) {
        let entries = monitors.map(\.signalEntries)
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
        for (position, entries) in entries.enumerated() {
            monitors[position].setSignalEntries(entries, readings: &readings)
        }
    }

    private mutating func remember(_ job: TestJob) {
        monitors[monitorOfReading[job.reading]].remember(job, job.cointegration())
    }

    private mutating func settle(through closeTime: Timestamp) -> [TestJob] {
        var jobs: [TestJob] = []
        for position in touched {
            isTouched[position] = false
            monitors[position].advance(
                watermark: closeTime,
                now: nil,
                timeout: settings.pairTimeout,
                readings: &readings,
                jobs: &jobs
            )
        }
        touched.removeAll(keepingCapacity: true)
        return jobs
    }

    private func monitors(of bar: Bar) -> [Int] {
        let instrument = Int(bar.instrument.index)
        guard audiences.indices.contains(instrument) else { return [] }
        return audiences[instrument].monitors.first { $0.timeframe == bar.timeframe }?.positions ?? []
    }

    /// The earlier of two watermarks, nil unless both are known.
    private static func earlier(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
        guard let one, let other else { return nil }
        return min(one, other)
    }

    /// The later of two clocks, or the one that is known.
    private static func later(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
        guard let one, let other else { return one ?? other }
        return max(one, other)
    }
}

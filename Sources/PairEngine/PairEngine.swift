package import MarketData

/// All pairs: closed bars in, one reading per (pair, timeframe, window) out.
///
/// A value with one owner, which appends bars in order; readings are copied as an immutable snapshot. Tests are
/// returned as jobs that the owner runs elsewhere, and their results are recorded by ``complete(_:_:)``.
package struct PairEngine: Sendable {
    /// The pairs, in the order of the configuration.
    package let definitions: [PairDefinition]
    /// The latest reading of each pair × timeframe × window, in that order.
    package internal(set) var readings = PairReadings()
    /// Tests that are due and have no result yet.
    package private(set) var waitingTests = 0
    private let settings: EngineSettings
    var monitors: [PairMonitor] = []
    private(set) var monitorOfReading: [Int] = []
    /// The closes that monitors read.
    private(set) var columns: [SharedColumn] = []
    /// The columns of each instrument.
    private var watchers = InstrumentMap<Watchers>()
    /// Monitors with a new or a waiting bar, each once.
    private var touched: [Int] = []
    private var isTouched: [Bool] = []

    /// The columns of one instrument, and the progress of its feed.
    private struct Watchers {
        /// Positions, one for each timeframe and price scale in which a pair uses the instrument.
        var columns: [Int] = []
        var watermark: Timestamp?
        var clock: Timestamp?
    }

    /// An engine without bars.
    package init(definitions: [PairDefinition], settings: EngineSettings) {
        self.definitions = definitions
        self.settings = settings
        var readings: [PairReading] = []
        for (pair, definition) in definitions.enumerated() {
            for timeframe in definition.timeframes {
                let position = monitors.count
                let longestWindow = definition.windows.max() ?? 0
                let legs = [definition.y, definition.x].map { instrument in
                    column(of: instrument, timeframe: timeframe, price: definition.price)
                }
                for column in Set(legs) { columns[column].addReader(position, longestWindow: longestWindow) }
                monitors.append(
                    PairMonitor(
                        definition: definition,
                        timeframe: timeframe,
                        columns: (y: legs[0], x: legs[1]),
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
                            minimumFill: settings.minimumFill,
                            mayAlert: definition.alerts.timeframes.contains(timeframe)
                        )
                    )
                    monitorOfReading.append(position)
                }
            }
        }
        self.readings = PairReadings(readings)
        isTouched = Array(repeating: false, count: monitors.count)
    }

    /// The position of a column, which is added where there is none.
    private mutating func column(of instrument: InstrumentID, timeframe: Timeframe, price: PriceScale) -> Int {
        let known = columns(of: instrument).first {
            columns[$0].timeframe == timeframe && columns[$0].price == price
        }
        if let known { return known }
        columns.append(SharedColumn(timeframe: timeframe, price: price))
        var own = watchers[instrument] ?? Watchers()
        own.columns.append(columns.count - 1)
        watchers[instrument] = own
        return columns.count - 1
    }

    /// Bars of history after which every reading of this timeframe is complete: its evidence and its signals are those
    /// of a program that never stopped.
    package func historyLength(timeframe: Timeframe) -> Int {
        let lengths = definitions.filter { $0.timeframes.contains(timeframe) }.flatMap { definition in
            definition.windows.map { window in
                Self.historyLength(window: window, thresholds: definition.signals)
            }
        }
        return lengths.max() ?? 0
    }

    /// Windows of bars after which the evidence of a reading does not depend on anything before.
    static let historyWindows = 6

    /// Bars after which the reading of one window is complete.
    package static func historyLength(window: Int, thresholds: SignalThresholds = SignalThresholds()) -> Int {
        max(historyWindows * window, window + 1 + SignalMonitor.memory(window: window, thresholds: thresholds))
    }

    /// The timeframes that any pair of this instrument is watched at.
    package func timeframes(of instrument: InstrumentID) -> [Timeframe] {
        let pairs = definitions.filter { $0.y == instrument || $0.x == instrument }
        return Set(pairs.flatMap(\.timeframes)).sorted()
    }

    /// Appends a closed bar; bars of one instrument and timeframe come in ascending order.
    package mutating func append(_ bar: Bar) {
        for column in columns(of: bar.instrument) where columns[column].timeframe == bar.timeframe {
            let leg = AlignedSlot.Leg(bar, price: columns[column].price)
            makeRoom(for: bar, in: column)
            columns[column].append(leg.value, at: bar.slot)
            for position in columns[column].readers {
                monitors[position].append(bar, leg)
                touch(position)
            }
        }
    }

    /// Replaces a bar that was appended or missing: by a gap where trades are missing, by a value where they arrived
    /// late, by a candle from before the first bar.
    package mutating func revise(_ bar: Bar) {
        for column in columns(of: bar.instrument) where columns[column].timeframe == bar.timeframe {
            let leg = AlignedSlot.Leg(bar, price: columns[column].price)
            makeRoom(for: bar, in: column)
            columns[column].put(leg.value, at: bar.slot)
            for position in columns[column].readers {
                monitors[position].revise(bar, leg, columns: columns)
                touch(position)
            }
        }
    }

    private mutating func makeRoom(for bar: Bar, in column: Int) {
        guard columns[column].isCrowded(by: bar.slot) else { return }
        let needed = columns[column].readers.reduce(Int64.max) { min($0, monitors[$1].neededSlot) }
        columns[column].makeRoom(for: bar.slot, keeping: needed)
    }

    private func columns(of instrument: InstrumentID) -> [Int] {
        watchers[instrument]?.columns ?? []
    }

    private mutating func touch(_ position: Int) {
        guard !isTouched[position] else { return }
        isTouched[position] = true
        touched.append(position)
    }

    /// Completes what the watermarks of a feed's instruments allow.
    /// - Returns: tests that became due and can run, in order; ``complete(_:_:)`` returns those of a reading whose test
    ///   before still runs.
    package mutating func advance(_ venue: VenuePipeline) -> [TestJob] {
        guard let now = venue.now else { return [] }
        venue.forEachWatermark { setWatermark(of: $0, to: $1, now: now) }
        return completeSlots()
    }

    /// The same for instruments whose bars have all closed up to one moment.
    /// - Parameters:
    ///   - instruments: the instruments.
    ///   - watermark: their bars have closed up to here.
    ///   - now: their feed's clock, which decides how long a bar waits for the other leg.
    package mutating func advance(instruments: [InstrumentID], watermark: Timestamp, now: Timestamp) -> [TestJob] {
        for instrument in instruments { setWatermark(of: instrument, to: watermark, now: now) }
        return completeSlots()
    }

    private mutating func setWatermark(of instrument: InstrumentID, to watermark: Timestamp, now: Timestamp) {
        guard let position = watchers.position(of: instrument) else { return }
        watchers.elements[position].watermark = watermark
        watchers.elements[position].clock = now
    }

    /// The progress of the feed of an instrument.
    private func progress(of instrument: InstrumentID) -> (watermark: Timestamp?, clock: Timestamp?) {
        guard let position = watchers.position(of: instrument) else { return (nil, nil) }
        return (watchers.elements[position].watermark, watchers.elements[position].clock)
    }

    private mutating func completeSlots() -> [TestJob] {
        var jobs: [TestJob] = []
        touched.sort()
        for position in touched {
            let y = progress(of: monitors[position].y)
            let x = progress(of: monitors[position].x)
            let waiting = monitors[position].waitingTests
            monitors[position].advance(
                watermark: Self.earlier(y.watermark, x.watermark),
                now: Self.later(y.clock, x.clock),
                timeout: settings.pairTimeout,
                columns: columns,
                readings: &readings,
                jobs: &jobs
            )
            waitingTests += monitors[position].waitingTests - waiting
            isTouched[position] = monitors[position].isWaiting
        }
        touched.removeAll { !isTouched[$0] }
        return jobs
    }

    /// Records the result of a test; one of a test that does not run, because its pair was replaced, changes nothing.
    /// - Returns: the test of the same reading that waited for it, if any, which can run.
    package mutating func complete(_ job: TestJob, _ result: TestResult) -> TestJob? {
        let position = monitorOfReading[job.reading]
        let waiting = monitors[position].waitingTests
        let next = monitors[position].complete(job, result.judgement, result.outcome, readings: &readings)
        waitingTests += monitors[position].waitingTests - waiting
        return next
    }

    /// The tests that run elsewhere, one for each reading at most, for an owner that has to run them again.
    package var runningTests: [TestJob] { monitors.flatMap(\.runningTests) }

    /// The state of the tests of a reading, nil before the first that counts.
    package func memory(of reading: Int) -> ReadingMemory? {
        monitors[monitorOfReading[reading]].memory(of: reading)
    }

    /// The key of the memory of a reading.
    package func key(of reading: Int) -> ReadingKey {
        ReadingKey(
            definitions[readings[reading].pair],
            timeframe: readings[reading].timeframe,
            window: readings[reading].window,
            minimumFill: settings.minimumFill
        )
    }

    /// Continues with the state of an earlier engine for the pairs and timeframes that both have with the same
    /// settings, so that a change of other pairs keeps it. Both must have processed the same bars.
    /// - Parameter isKept: whether a pair is continued.
    package mutating func adopt(_ earlier: PairEngine, where isKept: (PairDefinition) -> Bool = { _ in true }) {
        guard settings == earlier.settings else { return }
        let ownReadings = Dictionary(grouping: readings.indices) { monitorOfReading[$0] }
        let otherReadings = Dictionary(grouping: earlier.readings.indices) { earlier.monitorOfReading[$0] }
        var sources: [PairDefinition: Int] = [:]
        var adopters: Set<Int> = []
        for (source, indices) in otherReadings { sources[earlier.essence(of: indices[0])] = source }
        for (position, indices) in ownReadings {
            guard isKept(definitions[readings[indices[0]].pair]),
                let source = sources[essence(of: indices[0])]
            else { continue }
            waitingTests += earlier.monitors[source].waitingTests - monitors[position].waitingTests
            monitors[position].adopt(earlier.monitors[source])
            adopters.insert(position)
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
        adoptColumns(of: earlier, for: adopters)
        for instrument in watchers.instruments {
            guard let known = earlier.watchers[instrument], var own = watchers[instrument] else { continue }
            own.watermark = known.watermark ?? own.watermark
            own.clock = known.clock ?? own.clock
            watchers[instrument] = own
        }
    }

    /// Copies the closes that the windows of monitors were made from.
    private mutating func adoptColumns(of earlier: PairEngine, for adopters: Set<Int>) {
        for instrument in watchers.instruments {
            for column in columns(of: instrument) where !adopters.isDisjoint(with: columns[column].readers) {
                let source = earlier.columns(of: instrument).first {
                    earlier.columns[$0].timeframe == columns[column].timeframe
                        && earlier.columns[$0].price == columns[column].price
                }
                guard let source, columns[column].adopt(earlier.columns[source]) else { continue }
                for reader in columns[column].readers where !adopters.contains(reader) {
                    monitors[reader].resum(columns: columns)
                }
            }
        }
    }

    /// Everything that determines the readings of one pair at one timeframe: all but the pair's name.
    private func essence(of reading: Int) -> PairDefinition {
        var definition = definitions[readings[reading].pair]
        definition.name = ""
        definition.timeframes = [readings[reading].timeframe]
        return definition
    }

    /// Completes the slots of the bars that have been added, whose legs have closed up to one moment.
    /// - Returns: tests that became due and can run, in order.
    mutating func settle(through closeTime: Timestamp) -> [TestJob] {
        var jobs: [TestJob] = []
        for position in touched {
            isTouched[position] = false
            monitors[position].advance(
                watermark: closeTime,
                now: nil,
                timeout: settings.pairTimeout,
                columns: columns,
                readings: &readings,
                jobs: &jobs
            )
        }
        touched.removeAll(keepingCapacity: true)
        return jobs
    }

    /// The earlier of two watermarks, nil unless both exist.
    private static func earlier(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
        guard let one, let other else { return nil }
        return min(one, other)
    }

    /// The later of two clocks, or the one that exists.
    private static func later(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
        guard let one, let other else { return one ?? other }
        return max(one, other)
    }
}

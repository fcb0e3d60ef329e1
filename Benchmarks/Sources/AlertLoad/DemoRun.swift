import MarketData
import PairEngine
import SimulatedMarket

/// The market of the demo through pipeline and engine, second by second, as its feed delivers it.
struct DemoRun {
    /// 2024-08-09T00:00:00Z.
    private static let start = Timestamp(microseconds: 1_723_161_600_000_000)
    private static let carryLimit = EngineSettings().carryLimit
    /// Microseconds of silence after which the feed reports a stream as dead.
    private static let patience: Int64 = 5_000_000

    private let configuration: SimulatedMarketConfiguration
    private var market: SimulatedMarket
    private var pipeline: VenuePipeline
    private var engine: PairEngine
    private var log: ChangeLog
    private var isStreamUp: [Bool]
    private var dead: Set<InstrumentID> = []
    private var isActive: [Bool]

    static func write(_ options: Options) async {
        await AlertLoad.write(count: options.seeds, jobs: options.jobs) { number in
            do {
                var run = try DemoRun(options, seed: options.seed + UInt64(number))
                return run.lines(seconds: options.seconds)
            } catch {
                fail("\(error)")
            }
        }
    }

    private init(_ options: Options, seed: UInt64) throws(SimulatedMarketError) {
        var configuration = SimulatedMarketConfiguration(seed: seed)
        configuration.episodes = options.episodes
        self.configuration = configuration
        let symbols = configuration.instruments.map(\.symbol)
        var market = try SimulatedMarket(configuration: configuration, startingAt: Self.start)
        engine = PairEngine(
            definitions: symbols.indices.dropFirst().map { y in
                options.definition(
                    "\(symbols[y])-\(symbols[0])",
                    y: InstrumentID(y),
                    x: InstrumentID(0),
                    windows: options.windows
                )
            },
            settings: EngineSettings()
        )
        pipeline = VenuePipeline(
            instruments: symbols.indices.map { InstrumentID($0) },
            timeframes: options.timeframes,
            lateness: 250_000,
            carryLimit: Self.carryLimit
        )
        for timeframe in options.timeframes {
            let count = engine.historyLength(timeframe: timeframe)
            engine.warm(
                with: symbols.indices.flatMap { market.bars(of: InstrumentID($0), timeframe: timeframe, count: count) }
            )
        }
        self.market = market
        log = ChangeLog(seed: seed, start: Self.start)
        isStreamUp = symbols.map { _ in false }
        isActive = configuration.episodes.map { _ in false }
    }

    private mutating func lines(seconds: Int) -> [String] {
        for second in 1...seconds {
            let now = Self.start + Int64(second) * 1_000_000
            writeEpisodes(at: now)
            let legsBefore = isStreamUp
            step(to: now)
            for (pair, definition) in engine.definitions.enumerated() {
                for (leg, instrument) in [("y", definition.y), ("x", definition.x)] {
                    let isUp = isStreamUp[Int(instrument.index)]
                    guard isUp != legsBefore[Int(instrument.index)] else { continue }
                    log.write(
                        "leg",
                        at: now,
                        "\"pair\": \"\(engine.definitions[pair].name)\", \"leg\": \"\(leg)\", \"on\": \(isUp ? 1 : 0)"
                    )
                }
            }
            log.record(engine, now: now) { $0.isStale(now: now, carryLimit: Self.carryLimit) }
        }
        return log.lines
    }

    private mutating func writeEpisodes(at now: Timestamp) {
        // The state of the market in a second is that at its beginning.
        let elapsed = Double(now - Self.start) / 1e6 - 1
        for (index, episode) in configuration.episodes.enumerated() {
            let isOn = episode.isActive(at: elapsed)
            guard isOn != isActive[index] else { continue }
            isActive[index] = isOn
            log.write(
                "episode",
                at: now - 1_000_000,
                "\"episode\": \"\(episode.kind.rawValue)\", \"instrument\": \"\(episode.instrument)\", "
                    + "\"on\": \(isOn ? 1 : 0)"
            )
        }
    }

    /// The work of `SimulatedFeed` and the program's market engine in a second.
    private mutating func step(to now: Timestamp) {
        var output = PipelineOutput()
        deliver(TradeBatch(trades: market.trades(until: now), receivedAt: now), into: &output)
        let silent = Set(
            configuration.instruments.indices.map { InstrumentID($0) }
                .filter { id in market.silence(of: id).map { now - $0 >= Self.patience } ?? false }
        )
        for id in silent.subtracting(dead).sorted(by: { $0.index < $1.index }) {
            isStreamUp[Int(id.index)] = false
            pipeline.interrupt(id)
        }
        dead = silent
        pipeline.advanceClock(to: now, isFlowing: true, into: &output)
        advance(output)
        for gap in pipeline.missing {
            var output = PipelineOutput()
            let trades = market.undelivered(of: gap.instrument, ids: gap.ids)
            if trades.isEmpty {
                pipeline.markUnrepairable(gap.ids, of: gap.instrument, into: &output)
            } else {
                deliver(TradeBatch(trades: trades, receivedAt: now, isRepair: true), into: &output)
            }
            advance(output)
        }
    }

    private mutating func deliver(_ batch: TradeBatch, into output: inout PipelineOutput) {
        pipeline.append(batch, into: &output)
        guard !batch.isRepair else { return }
        for trade in batch.trades { isStreamUp[Int(trade.instrument.index)] = true }
    }

    private mutating func advance(_ output: PipelineOutput) {
        for bar in output.bars { engine.append(bar) }
        for bar in output.revisedBars { engine.revise(bar) }
        var jobs = engine.advance(pipeline)
        while let job = jobs.popLast() {
            if let next = engine.complete(job, job.run()) { jobs.append(next) }
        }
    }
}

import Logging
import MarketData
import PairEngine
import PrometheusExposition
import ServiceLifecycle
import TradeStore

/// Computes periodically, from stored bars, what followed past extremes of each reading.
///
/// It runs in the background, at most a twentieth of the time.
struct EfficacyService: Service {
    /// Bars of history that are read.
    static let historyLimit: Int64 = 20_000
    /// Slots of one read: a read of the complete history would need memory in proportion.
    static let pageLength: Int64 = 1_000
    private static let interval = Duration.seconds(20)

    let settings: EngineSettings
    let store: any BarReader
    let market: MarketEngine
    let failures: Counter
    let logger: Logger

    func run() async {
        let clock = ContinuousClock()
        try? await cancelWhenGracefulShutdown {
            while true {
                let start = clock.now
                do {
                    let definitions = await market.definitions
                    await market.complete(try await efficacies(of: definitions), of: definitions)
                } catch is CancellationError {
                    return
                } catch {
                    failures.increment()
                    logger.warning(
                        "past extremes could not be read; those of the last round stay",
                        metadata: ["reason": "\(error)"]
                    )
                }
                try await Task.sleep(for: max(Self.interval, start.duration(to: clock.now) * 19))
            }
        }
    }

    /// One result per reading, in the engine's order.
    func efficacies(of definitions: [PairDefinition]) async throws -> [SignalEfficacy] {
        var efficacies: [SignalEfficacy] = []
        for definition in definitions {
            for timeframe in definition.timeframes {
                efficacies += try await self.efficacies(of: definition, timeframe)
            }
        }
        return efficacies
    }

    /// One result per window.
    private func efficacies(of definition: PairDefinition, _ timeframe: Timeframe) async throws -> [SignalEfficacy] {
        let none = definition.windows.map { _ in SignalEfficacy() }
        guard let y = try await store.bars(of: definition.y, timeframe: timeframe, last: 1).last?.slot,
            let x = try await store.bars(of: definition.x, timeframe: timeframe, last: 1).last?.slot
        else { return none }
        var engine = PairEngine(definitions: [single(definition, timeframe)], settings: settings)
        var followers = engine.readings.indices.map { ExtremeFollower(of: $0) }
        for start in stride(from: max(y, x) - Self.historyLimit + 1, through: min(y, x), by: Int(Self.pageLength)) {
            let page = start...min(start + Self.pageLength - 1, y, x)
            let bars =
                try await store.bars(of: definition.y, timeframe: timeframe, slots: page)
                + store.bars(of: definition.x, timeframe: timeframe, slots: page)
            try Task.checkCancellation()
            engine.replay(bars.sorted { $0.slot < $1.slot }, tests: .none) { _, engine in
                for index in followers.indices { followers[index].follow(engine) }
            }
            await Task.yield()
        }
        return followers.map(\.efficacy)
    }

    private func single(_ definition: PairDefinition, _ timeframe: Timeframe) -> PairDefinition {
        var single = definition
        single.timeframes = [timeframe]
        return single
    }
}

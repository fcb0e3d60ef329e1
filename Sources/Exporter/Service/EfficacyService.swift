import Logging
import MarketData
import PairEngine
import PrometheusExposition
import RealModule
import ServiceLifecycle
import TradeStore

/// Computes again and again, from stored bars, how past extremes of each reading were followed.
///
/// It runs beside everything else, at most a twentieth of the time.
struct EfficacyService: Service {
    /// Bars of history that are looked at.
    static let historyLimit = 20_000
    private static let interval = Duration.seconds(20)

    let minimumFill: Double
    let store: any TradeStore
    let loop: MarketLoop
    let failures: Counter
    let logger: Logger

    func run() async {
        let clock = ContinuousClock()
        try? await cancelWhenGracefulShutdown {
            while true {
                let start = clock.now
                do {
                    let definitions = await loop.definitions
                    await loop.complete(try await efficacies(of: definitions), of: definitions)
                } catch is CancellationError {
                    return
                } catch {
                    failures.increment()
                    logger.warning(
                        "Past extremes could not be read; those of the last round stay",
                        metadata: ["reason": "\(error)"]
                    )
                }
                try await Task.sleep(for: max(Self.interval, start.duration(to: clock.now) * 19))
            }
        }
    }

    /// One per reading, in the engine's order.
    func efficacies(of definitions: [PairDefinition]) async throws -> [SignalEfficacy] {
        var efficacies: [SignalEfficacy] = []
        for definition in definitions {
            for timeframe in definition.timeframes {
                let slots = try await slots(definition, timeframe)
                for window in definition.windows {
                    try Task.checkCancellation()
                    efficacies.append(Self.efficacy(slots, definition, timeframe, window, minimumFill))
                    await Task.yield()
                }
            }
        }
        return efficacies
    }

    private static func efficacy(
        _ slots: [PairAnalysis.PlacedSlot],
        _ definition: PairDefinition,
        _ timeframe: Timeframe,
        _ window: Int,
        _ minimumFill: Double
    ) -> SignalEfficacy {
        var replay = PairReplay(
            timeframe: timeframe,
            window: window,
            minimumFill: minimumFill,
            thresholds: definition.signals,
            firstSlot: slots.first?.slot ?? 0
        )
        for slot in slots { replay.append(slot.value, at: slot.slot) }
        return replay.efficacy
    }

    private func slots(_ definition: PairDefinition, _ timeframe: Timeframe) async throws -> [PairAnalysis.PlacedSlot] {
        let y = try await store.bars(of: definition.y, timeframe: timeframe, last: Self.historyLimit)
        let x = try await store.bars(of: definition.x, timeframe: timeframe, last: Self.historyLimit)
        return PairAnalysis.slots(y: y, x: x, price: definition.price)
    }
}

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
    static let historyLimit: Int64 = 20_000
    /// Slots that are read at once: all of the history would take memory that grows with it.
    static let pageLength: Int64 = 1_000
    private static let interval = Duration.seconds(20)

    let minimumFill: Double
    let store: any TradeStore
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

    /// One per reading, in the engine's order.
    func efficacies(of definitions: [PairDefinition]) async throws -> [SignalEfficacy] {
        var efficacies: [SignalEfficacy] = []
        for definition in definitions {
            for timeframe in definition.timeframes {
                efficacies += try await self.efficacies(of: definition, timeframe)
            }
        }
        return efficacies
    }

    /// One per window.
    private func efficacies(of definition: PairDefinition, _ timeframe: Timeframe) async throws -> [SignalEfficacy] {
        let none = definition.windows.map { _ in SignalEfficacy() }
        guard let y = try await store.bars(of: definition.y, timeframe: timeframe, last: 1).last?.slot,
            let x = try await store.bars(of: definition.x, timeframe: timeframe, last: 1).last?.slot
        else { return none }
        var replays: [WindowReplay] = []
        for start in stride(from: max(y, x) - Self.historyLimit + 1, through: min(y, x), by: Int(Self.pageLength)) {
            let page = start...min(start + Self.pageLength - 1, y, x)
            let slots = try await slots(definition, timeframe, page)
            guard let first = slots.first?.slot else { continue }
            if replays.isEmpty { replays = self.replays(of: definition, timeframe, from: first) }
            for index in replays.indices {
                try Task.checkCancellation()
                for slot in slots { replays[index].append(slot.value, at: slot.slot) }
                await Task.yield()
            }
        }
        return replays.isEmpty ? none : replays.map(\.efficacy)
    }

    private func replays(
        of definition: PairDefinition,
        _ timeframe: Timeframe,
        from slot: Int64
    ) -> [WindowReplay] {
        definition.windows.map { window in
            WindowReplay(
                timeframe: timeframe,
                window: window,
                minimumFill: minimumFill,
                thresholds: definition.signals,
                firstSlot: slot
            )
        }
    }

    /// A page of both legs' bars. A slot that it leaves out is a gap, as are those between pages.
    private func slots(
        _ definition: PairDefinition,
        _ timeframe: Timeframe,
        _ page: ClosedRange<Int64>
    ) async throws -> [PairAnalysis.PlacedSlot] {
        let y = try await store.bars(of: definition.y, timeframe: timeframe, slots: page)
        let x = try await store.bars(of: definition.x, timeframe: timeframe, slots: page)
        return PairAnalysis.slots(y: y, x: x, price: definition.price)
    }
}

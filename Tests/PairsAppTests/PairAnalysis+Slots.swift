import MarketData
import PairEngine
import RealModule
import SimulatedPairs

@testable import PairsTools

extension PairAnalysis {
    /// Analyses consecutive slots, given by closes in the pair's price scale; nil for one whose trades are missing.
    init(_ slots: [WindowReplay.Slot?], settings: AnalysisSettings, timeframe: Timeframe) {
        let isLog = settings.price != .level
        let bars = slots.enumerated().flatMap { slot, value in
            [(PairBars.y, value?.y), (PairBars.x, value?.x)].map { leg, close in
                Bar(
                    instrument: leg,
                    timeframe: timeframe,
                    slot: Int64(slot),
                    state: value.map { $0.isCarried ? .carried : .traded } ?? .gap,
                    prices: close.map { .carried(isLog ? .exp($0) : $0) }
                )
            }
        }
        self.init(bars, slots: 0...Int64(slots.count - 1), settings: settings, timeframe: timeframe)
    }
}

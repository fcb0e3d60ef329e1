import MarketData
import PairEngine
import SimulatedPairs

/// The signals of one pair in a replay without tests: those that need only its bars.
struct Watch: Sendable {
    /// Bars after the first full window.
    private(set) var bars = 0
    /// Of those, bars at which each signal holds, in the order of `Signal.allCases`.
    private(set) var held = SIMD4<Int>.zero
    /// Beginnings of each signal after the first full window.
    private(set) var begun = SIMD4<UInt32>.zero
    /// Bars with a forecast z-score, and those at which its size is above 1, 2 and 3.
    private(set) var scored = 0
    private(set) var beyond = SIMD3<Int>.zero
    /// The volatility ratio after the last bar.
    let volatilityRatio: Double?
    /// Extremes of the z-score that were followed to their end, and those that reverted.
    let extremes: (followed: Int, reverted: Int)

    /// Replays a pair from its first bar to its last.
    init(_ pair: SimulatedPair, window: Int = Population.window) {
        var replay = WindowReplay(timeframe: Study.timeframe, window: window)
        var before = SIMD4<UInt32>.zero
        for bar in pair.x.indices {
            replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
            let reading = replay.reading
            if bar < window {
                before = reading.signals.entries
                continue
            }
            bars += 1
            for (position, signal) in Signal.allCases.enumerated() where reading.holds(signal) == true {
                held[position] += 1
            }
            guard let score = reading.forecastZScore.value.map(abs) else { continue }
            scored += 1
            for (position, level) in [1.0, 2, 3].enumerated() where score > level { beyond[position] += 1 }
        }
        begun = replay.reading.signals.entries &- before
        volatilityRatio = replay.reading.volatilityRatio.value
        extremes = (replay.efficacy.count, replay.efficacy.reverted)
    }

    /// Beginnings of a signal among bars, for a rate per bar.
    func beginnings(of signal: Signal) -> (hits: Double, trials: Double) {
        (Double(begun[signal.index]), Double(bars))
    }

    /// Bars at which a signal holds among all.
    func share(of signal: Signal) -> (hits: Double, trials: Double) {
        (Double(held[signal.index]), Double(bars))
    }

    /// Whether a signal begins within some bars of a change; nil where it holds when the change comes.
    static func finds(_ signal: Signal, _ pair: SimulatedPair, changeBar: Int, within bars: Int) -> Bool? {
        var replay = WindowReplay(timeframe: Study.timeframe, window: Population.window)
        var before: UInt32 = 0
        for bar in 0..<min(changeBar + bars, pair.x.count) {
            if bar == changeBar {
                if replay.reading.holds(signal) == true { return nil }
                before = replay.reading.signals.entries[signal.index]
            }
            replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
        }
        return replay.reading.signals.entries[signal.index] != before
    }
}

extension Signal {
    /// The place of the signal in vectors of all.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

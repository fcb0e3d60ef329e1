import MarketData
import PairStatistics

/// Follows the extremes of one reading's z-score, bar by bar.
///
/// The state follows from the processed bars only, not from later ones.
package struct ExtremeFollower: Sendable {
    /// How the extremes ended.
    package private(set) var efficacy = SignalEfficacy()
    private let reading: Int
    private var open: ExtremeInProgress?
    private var entries: UInt32 = 0
    private var last: (closeTime: Timestamp, fit: LinearFit?)?

    /// - Parameter reading: its position in ``PairEngine/readings``.
    package init(of reading: Int) {
        self.reading = reading
    }

    /// Processes a reading, once after each bar.
    package mutating func follow(_ engine: PairEngine) {
        let reading = engine.readings[self.reading]
        guard let closeTime = reading.closeTime, closeTime != last?.closeTime else { return }
        let isNext = last.map { $0.closeTime + reading.timeframe.microseconds == closeTime } ?? false
        let values = engine.withWindow(of: self.reading) { window, _ in window.latest } ?? nil
        if !isNext { follow(nil) }
        follow(values)
        let begins = reading.signals.entries[Signal.zScoreExtreme.position] != entries
        // The line of the bar before, which does not exist for an extreme right after missing bars.
        if begins, open == nil, isNext, let values, let fit = last?.fit {
            let halfLife = engine.withWindow(of: self.reading) { $0.expectedHalfLife(of: $1) } ?? nil
            open = halfLife.map { ExtremeInProgress(values, fit: fit, halfLife: $0) }
        }
        entries = reading.signals.entries[Signal.zScoreExtreme.position]
        last = (closeTime, reading.fit.value)
    }

    private mutating func follow(_ values: (x: Double, y: Double)?) {
        efficacy.record(open?.follow(values))
        if open?.isOver == true { open = nil }
    }
}

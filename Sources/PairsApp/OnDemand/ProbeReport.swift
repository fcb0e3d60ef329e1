import Foundation
import MarketData
import PairEngine
import PairStatistics
import PairsMetrics

/// The bars and the results of a probe, for people.
struct ProbeReport {
    private let probe: PairProbe

    init(_ probe: PairProbe) {
        self.probe = probe
    }

    var text: String {
        let pair = probe.pair
        let scale = pair.settings.price == .log ? "logarithms of price" : "prices"
        let head = """
            Probe of \(pair.name): \(pair.y) is regressed on \(pair.x), in \(scale).
            Success: \(probe.isSuccessful ? "every reading has a current fit" : "no, see the reasons below").
            """
        let sections = probe.bars.map { bars in
            let windows = zip(probe.readings, probe.isStale).filter { $0.0.timeframe == bars.timeframe }.map(reading)
            return (["Bars of \(bars.timeframe) in the store:", line(pair.y, bars.y), line(pair.x, bars.x)] + windows)
                .joined(separator: "\n")
        }
        return ([head] + sections).joined(separator: "\n\n") + "\n"
    }

    private func line(_ instrument: Instrument, _ bars: [Bar]) -> String {
        guard let first = bars.first, let last = bars.last else { return "  \(instrument): none" }
        let gaps = bars.count { $0.state == .gap }
        let carried = bars.count { $0.state == .carried }
        return "  \(instrument): \(bars.count) from \(Self.time(first.openTime)) to \(Self.time(last.closeTime)), "
            + "\(carried) of them carried, \(gaps) gaps"
    }

    private func reading(_ reading: PairReading, isStale: Bool) -> String {
        let filled = Int(reading.fillRatio * 100)
        let values: [(String, Measured<Double>)] = [
            ("hedge ratio", reading.fit.map(\.slope)), ("spread z-score", reading.zScore),
            ("forecast z-score", reading.forecastZScore), ("return correlation", reading.returnCorrelation),
            ("half-life in bars", reading.tests.flatMap(\.halfLife).map(\.bars)),
            ("ADF p-value", reading.tests.flatMap(\.adf).map(\.pValue)),
            ("cointegration p-value", reading.tests.flatMap(\.cointegration).map(\.weaker.pValue)),
        ]
        let lines = values.map { name, value in
            "  \(name): \(value.value.map { "\($0)" } ?? "none, \(Self.words(value.reason))")"
        }
        let closed = reading.closeTime.map { ", last bar closed \(Self.time($0))" } ?? ""
        let stale = isStale ? ["  stale: a leg has not traded for longer than its last close may be carried"] : []
        let words = Interpretation(reading, thresholds: probe.pair.settings.signals, isStale: isStale)
        let sentences = [words.meaning, words.confidence, words.watch].map { "  " + $0 }
        return (["Window of \(reading.window) bars, \(filled) % filled\(closed):"] + lines + stale + sentences).joined(
            separator: "\n"
        )
    }

    private static func words(_ reason: UndefinedReason?) -> String {
        (reason?.rawValue ?? "").replacing("_", with: " ")
    }

    private static func time(_ time: Timestamp) -> String {
        Date(timeIntervalSince1970: time.seconds).formatted(.iso8601)
    }
}

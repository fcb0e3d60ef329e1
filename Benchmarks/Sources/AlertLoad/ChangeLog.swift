import Foundation
import MarketData
import PairEngine

/// The alerts and signals of all readings of one engine, and a line for each change.
struct ChangeLog {
    private(set) var lines: [String] = []
    private let seed: UInt64
    /// The moment from which lines count their seconds.
    private let start: Timestamp
    /// Whether each alert and each signal of each reading holds.
    private var states: [State: Bool] = [:]
    private var bars: [Int: (all: Int, proven: Int)] = [:]

    private struct State: Hashable {
        let kind: String
        let reading: Int
        let signal: Signal
    }

    init(seed: UInt64, start: Timestamp) {
        self.seed = seed
        self.start = start
    }

    /// Writes a line that does not concern a reading.
    mutating func write(_ kind: String, at time: Timestamp, _ fields: String) {
        lines.append("{\"kind\": \"\(kind)\", \"seed\": \(seed), \"time\": \(seconds(time)), \(fields)}")
    }

    /// Writes what changed since the last call. A stale reading publishes neither alerts nor signals.
    mutating func record(_ engine: PairEngine, now: Timestamp, isStale: (PairReading) -> Bool) {
        for (index, reading) in engine.readings.enumerated() {
            let isStale = isStale(reading)
            for signal in Signal.allCases {
                for (kind, holds) in [("alert", reading.alerts(signal)), ("signal", reading.holds(signal))] {
                    let isOn = !isStale && holds == true
                    let state = State(kind: kind, reading: index, signal: signal)
                    guard isOn != states[state] ?? false else { continue }
                    states[state] = isOn
                    let labels =
                        "\"pair\": \"\(engine.definitions[reading.pair].name)\", "
                        + "\"timeframe\": \"\(reading.timeframe)\", \"window\": \(reading.window)"
                    let zScore = reading.forecastZScore.value.map { String(format: "%.3f", $0) } ?? "null"
                    write(
                        kind,
                        at: isStale ? now : reading.closeTime ?? now,
                        "\(labels), \"signal\": \"\(signal.rawValue)\", \"on\": \(isOn ? 1 : 0), \"z\": \(zScore)"
                    )
                }
            }
        }
    }

    /// Counts a bar of each reading whose last bar closed now, and whether it is proven.
    mutating func count(_ engine: PairEngine, now: Timestamp) {
        for (index, reading) in engine.readings.enumerated() where reading.closeTime == now {
            bars[index, default: (0, 0)].all += 1
            if reading.isProven { bars[index, default: (0, 0)].proven += 1 }
        }
    }

    /// Writes for each reading how many of its bars were proven.
    mutating func writeCounts(_ engine: PairEngine, now: Timestamp) {
        for (index, counts) in bars.sorted(by: { $0.key < $1.key }) {
            let reading = engine.readings[index]
            write(
                "reading",
                at: now,
                "\"pair\": \"\(engine.definitions[reading.pair].name)\", \"timeframe\": \"\(reading.timeframe)\", "
                    + "\"window\": \(reading.window), \"bars\": \(counts.all), \"proven\": \(counts.proven)"
            )
        }
    }

    private func seconds(_ time: Timestamp) -> String { String(format: "%.3f", Double(time - start) / 1e6) }
}

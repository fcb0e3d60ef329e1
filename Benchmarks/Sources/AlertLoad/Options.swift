import MarketData
import PairEngine
import SimulatedMarket
import SimulatedPairs

/// The options of the command line.
struct Options: Sendable {
    /// The first seed, and how many follow each other.
    var seed: UInt64 = 1
    var seeds = 1
    var jobs = 2
    /// The law of the quiet market.
    var law = SimulatedMarketLaw.gaussian
    /// Pairs of the quiet market.
    var pairs = 50
    /// Hours of the quiet market.
    var hours = 24
    /// Seconds of the demo's market.
    var seconds = 1200
    /// The episodes of the demo's market.
    var episodes = SimulatedMarketConfiguration.standardEpisodes
    /// The timeframes of the readings of all pairs; the first is the shortest.
    var timeframes = ["1m", "5m"].compactMap(Timeframe.init)
    var windows = [240, 1000]
    var tests = TestSettings()
    var alerts = AlertSettings()

    init(_ words: [String]) {
        var rest = words[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { fail("\(option) needs a value") }
            switch option {
            case "--seed": seed = UInt64(Self.number(value))
            case "--seeds": seeds = Self.number(value)
            case "--jobs": jobs = Self.number(value)
            case "--law": law = Self.law(value)
            case "--pairs": pairs = Self.number(value)
            case "--hours": hours = Self.number(value)
            case "--seconds": seconds = Self.number(value)
            case "--episodes": episodes = Self.episodes(value)
            case "--timeframes": timeframes = Self.timeframes(value)
            case "--windows": windows = value.split(separator: ",").map { Self.number(String($0)) }
            case "--every-bars": tests.everyBars = Self.number(value)
            case "--alert-timeframes": alerts.timeframes = Self.timeframes(value)
            case "--min-confidence": alerts.minimumConfidence = Self.real(value)
            case "--zscore": alerts.zScore = Self.real(value)
            case "--zscore-exit": alerts.zScoreExit = Self.real(value)
            default: fail("no option \(option)")
            }
        }
    }

    /// A pair with these settings.
    func definition(_ name: String, y: InstrumentID, x: InstrumentID, windows: [Int]) -> PairDefinition {
        PairDefinition(
            name: name,
            y: y,
            x: x,
            timeframes: timeframes,
            windows: windows,
            tests: tests,
            alerts: alerts
        )
    }

    private static func law(_ text: String) -> SimulatedMarketLaw {
        switch text {
        case "gaussian": .gaussian
        case "garch": .garch
        default: fail("no law \(text); there are gaussian and garch")
        }
    }

    /// Episodes such as `decoupling:SOLUSDT:300:90`: kind, symbol, start and duration in seconds; or `none`.
    private static func episodes(_ text: String) -> [SimulatedEpisode] {
        guard text != "none" else { return [] }
        return text.split(separator: ",").map { episode in
            let parts = episode.split(separator: ":").map(String.init)
            guard parts.count == 4, let kind = SimulatedEpisode.Kind(rawValue: parts[0]) else {
                fail("no episode \(episode)")
            }
            return SimulatedEpisode(kind, of: parts[1], start: real(parts[2]), duration: real(parts[3]))
        }
    }

    private static func timeframes(_ text: String) -> [Timeframe] {
        text.split(separator: ",").map { part in
            guard let timeframe = Timeframe(String(part)) else { fail("no timeframe \(part)") }
            return timeframe
        }
        .sorted()
    }

    private static func number(_ text: String) -> Int {
        guard let number = Int(text), number > 0 else { fail("\(text) must be a number above 0") }
        return number
    }

    private static func real(_ text: String) -> Double {
        guard let number = Double(text) else { fail("\(text) must be a number") }
        return number
    }
}

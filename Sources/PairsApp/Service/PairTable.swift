import ExporterHTTP
import Foundation
import MarketData
import PairEngine
import PairStatistics
import PairsMetrics
import TradeFeeds

/// The latest readings as the landing page shows them: one row per pair, with the reading that needs attention most.
struct PairTable: Sendable {
    let pairs: [PairConfiguration]
    let staleness: StalenessRule
    let latestSnapshot: LatestSnapshot
    /// The clock for the age of a bar where no venue's clock is known.
    var wallClock: @Sendable () -> Timestamp = { WallClock.now() }

    /// A row per pair, in the order of attention.
    var table: LandingPage.Table {
        let snapshot = latestSnapshot.value
        let now = snapshot.feeds.lazy.compactMap(\.venueTime).first ?? wallClock()
        var readings: [[ShownReading]] = Array(repeating: [], count: pairs.count)
        for (reading, isStale) in zip(snapshot.readings, staleness.isStale(in: snapshot)) {
            let settings = pairs[reading.pair].settings
            readings[reading.pair].append(ShownReading(reading, settings.signals, isStale: isStale, now: now))
        }
        let shown = readings.compactMap(ShownPair.init).sorted { $0.shown.attention < $1.shown.attention }
        let nameRanks = Self.ranks(of: pairs.map(\.name))
        return LandingPage.Table(
            caption: shown.isEmpty ? "There is no reading yet." : Self.caption,
            header: Self.columns(heading: "Pair", isSortable: true),
            rows: shown.enumerated().map { position, pair in
                row(pair, attention: -Double(position), name: nameRanks[pair.shown.reading.pair])
            },
            sort: Self.attention
        )
    }

    private static let attention = "attention"

    private static let caption = """
        One row per pair: the reading that needs attention most. Alerts come first, then signals, then readings with a \
        silent leg, then proven cointegration by the size of the forecast z, then the others by confidence; readings \
        without a forecast z come last.
        """

    private static func columns(heading: String, isSortable: Bool) -> [LandingPage.Column] {
        let figures: [(title: String, label: String, key: String)] = [
            ("Forecast z", "Forecast z", "z"), ("z-score", "z-score", "zscore"), ("Hedge ratio", "Hedge ratio", "beta"),
            ("Return corr.", "Return corr.", "correlation"), ("Coint. p", "Cointegration p", "p"),
            ("Evidence", "Evidence", "evidence"), ("Half-life, bars", "Half-life, bars", "halflife"),
            ("Confidence", "Confidence", "confidence"), ("Filled", "Window filled", "filled"),
        ]
        func key(_ name: String) -> String? { isSortable ? name : nil }
        return [
            LandingPage.Column(heading, kind: .heading, key: key("pair"), width: 2),
            LandingPage.Column("State", label: "State", key: key(attention), order: .descending, width: 1.4),
        ]
            + figures.map { LandingPage.Column($0.title, label: $0.label, kind: .number, key: key($0.key)) }
            + [LandingPage.Column("Last bar closed", label: "Last bar closed", key: key("time"), width: 2)]
    }

    /// - Parameters:
    ///   - attention: the sort key of the column of states.
    ///   - name: the sort key of the column of pairs.
    private func row(_ pair: ShownPair, attention: Double, name: Double) -> LandingPage.Row {
        let reading = pair.shown
        let label = pairs[reading.reading.pair].name
        let heading = LandingPage.Cell(
            label,
            address: Self.explanation(of: reading.reading, label),
            detail: reading.name,
            rank: name
        )
        return LandingPage.Row(
            [heading, reading.state(rank: attention)] + reading.figures + [reading.lastBar],
            notes: reading.words,
            folds: pair.others.isEmpty ? [] : [fold(pair.others, label)]
        )
    }

    /// The readings that a row does not show.
    private func fold(_ readings: [ShownReading], _ pair: String) -> LandingPage.Fold {
        let states = Dictionary(grouping: readings, by: \.state.name).mapValues(\.count)
        let counts = states.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        let isOne = readings.count == 1
        return LandingPage.Fold(
            isOne
                ? "1 other reading: \(readings[0].state.name)"
                : "\(readings.count) other readings: \(counts.joined(separator: "; "))",
            table: LandingPage.Table(
                header: Self.columns(heading: "Reading", isSortable: false),
                rows: readings.map { other in
                    let heading = LandingPage.Cell(other.name, address: Self.explanation(of: other.reading, pair))
                    return LandingPage.Row([heading, other.state()] + other.figures + [other.lastBar])
                }
            )
        )
    }

    /// The address at which a reading is explained step by step.
    private static func explanation(of reading: PairReading, _ pair: String) -> String {
        "/probe?pair=\(pair)&timeframe=\(reading.timeframe)&window=\(reading.window)&debug=true"
    }

    /// The position of each name in alphabetical order.
    private static func ranks(of names: [String]) -> [Double] {
        var ranks = Array(repeating: 0.0, count: names.count)
        for (rank, position) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
            ranks[position] = Double(rank)
        }
        return ranks
    }

    /// A p-value is never zero.
    static func probability(_ value: Double) -> String {
        value < 0.001 ? "<0.001" : value.formatted(decimals: 3)
    }

    /// A length of time in its largest suitable unit.
    static func age(_ microseconds: Int64) -> String {
        let seconds = max(0, microseconds) / 1_000_000
        return switch seconds {
        case ..<120: "\(seconds) s ago"
        case ..<7200: "\(seconds / 60) min ago"
        case ..<172_800: "\(seconds / 3600) h ago"
        default: "\(seconds / 86_400) days ago"
        }
    }
}

/// How much a reading needs attention; the smallest value needs it most.
///
/// Alerts come first, then signals. Signals of proven readings come before the others, because among many readings some
/// are extreme by chance. Stale readings follow: a leg has no data. Without a signal, distance matters only where
/// cointegration is proven: those readings follow by the size of the forecast z, the others by confidence. Readings
/// without a forecast z come last.
struct Attention: Comparable {
    enum Level: Int { case alert, provenSignal, signal, stale, proven, unproven, noValue }

    let level: Level
    /// The order within a level.
    let size: Double

    init(_ reading: PairReading, _ state: PairState, isStale: Bool) {
        let distance = reading.forecastZScore.value.map(abs)
        let hasSignal = if case .signals = state { true } else { false }
        if isStale {
            level = .stale
        } else if Signal.allCases.contains(where: { reading.alerts($0) == true }) {
            level = .alert
        } else if hasSignal {
            level = reading.isProven ? .provenSignal : .signal
        } else if distance == nil || reading.fit.value == nil {
            level = .noValue
        } else {
            level = reading.isProven ? .proven : .unproven
        }
        size =
            switch level {
            case .alert, .provenSignal, .signal, .proven: distance ?? 0
            case .unproven: reading.confidence ?? 0
            case .noValue, .stale: reading.fillRatio
            }
    }

    static func < (lhs: Attention, rhs: Attention) -> Bool {
        (lhs.level.rawValue, -lhs.size) < (rhs.level.rawValue, -rhs.size)
    }
}

/// The readings of a pair, of which the page shows one.
private struct ShownPair {
    /// The reading that needs attention most; the first one of equals.
    let shown: ShownReading
    /// The others, in the order of the configuration.
    let others: [ShownReading]

    /// Nil for no readings.
    init?(_ readings: [ShownReading]) {
        let first = readings.indices.min { readings[$0].attention < readings[$1].attention }
        guard let index = first else { return nil }
        shown = readings[index]
        others = readings.enumerated().filter { $0.offset != index }.map(\.element)
    }
}

/// A reading in the form of the page. A stale reading has no figures, because they would look current.
private struct ShownReading {
    let reading: PairReading
    let state: PairState
    let attention: Attention
    private let thresholds: SignalThresholds
    private let isStale: Bool
    private let now: Timestamp

    init(_ reading: PairReading, _ thresholds: SignalThresholds, isStale: Bool, now: Timestamp) {
        self.reading = reading
        self.thresholds = thresholds
        self.isStale = isStale
        self.now = now
        state = PairState(reading, thresholds: thresholds, isStale: isStale)
        attention = Attention(reading, state, isStale: isStale)
    }

    var name: String { "\(reading.timeframe.label) bars, window \(reading.window)" }

    /// The sentences about it: its meaning, how far to trust it, what to watch next.
    var words: [String] {
        let words = Interpretation(reading, thresholds: thresholds, isStale: isStale)
        var meaning = words.meaning
        if case .filling = state {
            meaning += " \(reading.observations) of \(reading.neededObservations) bars are there."
        }
        return [meaning, words.confidence, words.watch].filter { !$0.isEmpty }
    }

    func state(rank: Double? = nil) -> LandingPage.Cell {
        let isAlert = attention.level == .alert
        let tone: LandingPage.Cell.Tone =
            switch state {
            case .signals: isAlert ? .alarm : .warning
            case .calm, .pending, .recovering: isAlert ? .alarm : .usual
            case .noLastValue, .filling, .undefined: .missing
            }
        return LandingPage.Cell(state.name, detail: isAlert ? "alert" : "", tone: tone, rank: rank)
    }

    /// When the last bar closed. Bars close without trades too, so a stale reading adds how old its prices are.
    var lastBar: LandingPage.Cell {
        guard let time = reading.closeTime else { return LandingPage.Cell("none", tone: .missing) }
        let traded = reading.tradedTime.map { "; last trade \(PairTable.age(now - $0))" } ?? ""
        return LandingPage.Cell(
            Date(timeIntervalSince1970: time.seconds).formatted(.iso8601),
            detail: PairTable.age(now - time) + (isStale ? traded : ""),
            rank: time.seconds
        )
    }

    var figures: [LandingPage.Cell] {
        let test = reading.tests.flatMap(\.cointegration).map(\.weaker.pValue)
        return [
            figure(reading.forecastZScore, rank: abs) { $0.formatted(decimals: 2) },
            figure(reading.zScore, rank: abs) { $0.formatted(decimals: 2) },
            figure(reading.fit.map(\.slope)) { $0.formatted(decimals: 4) },
            figure(reading.returnCorrelation) { $0.formatted(decimals: 2) },
            figure(test, PairTable.probability),
            figure(reading.evidence, detail: reading.isProven ? "proven" : "", Self.evidence),
            figure(reading.tests.flatMap(\.halfLife).map(\.bars)) { $0.formatted(decimals: 1) },
            figure(reading.confidence) { $0.formatted(decimals: 2) },
            figure(reading.fillRatio) { "\(Int($0 * 100)) %" },
        ]
    }

    private func figure(
        _ value: Measured<Double>,
        rank: (Double) -> Double = { $0 },
        _ format: (Double) -> String
    ) -> LandingPage.Cell {
        switch isStale ? .failure(.stale) : value {
        case .success(let value): LandingPage.Cell(format(value), rank: rank(value))
        case .failure(.stale): LandingPage.Cell("–", tone: .missing)
        case .failure(let reason): LandingPage.Cell(reason.rawValue.replacing("_", with: " "), tone: .missing)
        }
    }

    private func figure(
        _ value: Double?,
        detail: String = "",
        _ format: (Double) -> String
    ) -> LandingPage.Cell {
        guard let value, !isStale else { return LandingPage.Cell(isStale ? "–" : "none", tone: .missing) }
        return LandingPage.Cell(format(value), detail: detail, rank: value)
    }

    /// Evidence for people: with tenths below 10, and with no value beyond a million.
    private static func evidence(_ value: Double) -> String {
        value < 10 ? value.formatted(decimals: 1) : value < 1e6 ? "\(Int(value))" : ">1 million"
    }
}

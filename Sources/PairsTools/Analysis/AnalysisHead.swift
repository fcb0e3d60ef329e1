import MarketData
import PairEngine
import PairStatistics
import PairsApp

/// The beginning of a report: what was read and how it was analysed.
struct AnalysisHead: Sendable {
    /// The column at which text shows the values.
    static let column = 14

    private let source: AnalysisSource
    private let settings: AnalysisSettings
    private let window: Int
    private let tested: Int?
    private let price: PriceScale

    /// - Parameters:
    ///   - source: what was read.
    ///   - settings: how it was analysed.
    ///   - window: the number of rows of the window that have a value.
    ///   - tested: the number of rows that the tests used, nil where none ran.
    init(_ source: AnalysisSource, _ settings: AnalysisSettings, price: PriceScale, window: Int, tested: Int?) {
        self.source = source
        self.settings = settings
        self.window = window
        self.tested = tested
        self.price = price
    }

    /// Whether two series are analysed.
    var isPair: Bool { source.series.count > 1 }

    /// Why values of ``json`` are null.
    var absences: [(key: String, absence: ReportAbsence)] {
        var absences: [(key: String, absence: ReportAbsence)] = []
        if source.order == nil {
            let absence = ReportAbsence(code: "no_time", explanation: "no column of the file is a time")
            for key in ["ordered_by", "first", "last", "usual_step", "longest_step", "gaps"] {
                absences.append((key, absence))
            }
        } else if source.order?.usualStep == nil {
            let absence = ReportAbsence(.tooFew, isOfPair: isPair)
            for key in ["usual_step", "longest_step"] { absences.append((key, absence)) }
        }
        if tested == nil {
            absences.append(("rows_tested", ReportAbsence(code: "no_test", explanation: "the tests did not run")))
        }
        return absences
    }

    /// The head for programs.
    var json: JSONValue {
        var entries: [(key: String, value: JSONValue)] = []
        switch source.origin {
        case .file(let file): entries.append(("file", .string(file)))
        case .database(let path, let timeframe):
            entries += [("database", .string(path)), ("timeframe", .string(timeframe.label))]
        }
        entries += source.series.map { ($0.role, .string($0.name)) }
        let order = source.order
        entries += [
            ("ordered_by", order.map { .string($0.column) } ?? .null),
            ("order", .string(orderText)),
            ("first", order.map { .string($0.text($0.first)) } ?? .null),
            ("last", order.map { .string($0.text($0.last)) } ?? .null),
            ("usual_step", order?.usualStep.flatMap { .string(order?.stepText($0) ?? "") } ?? .null),
            ("longest_step", order?.longestStep.flatMap { .string(order?.stepText($0) ?? "") } ?? .null),
            ("gaps", JSONValue(order?.gaps)),
            ("rows_read", .integer(source.rowsRead)),
            ("rows_left_out", .object(leftOut.map { ($0.rawValue, .integer(source.leftOut[$0] ?? 0)) })),
            ("rows_in_window", .integer(window)),
            ("rows_tested", JSONValue(tested)),
            ("window", .integer(settings.window ?? source.usableRows)),
            ("price", .string(price.rawValue)),
        ]
        if isPair { entries.append(("regression", .string(regression))) }
        entries += [
            ("adf_regression", .string(settings.tests.trend.rawValue)),
            ("adf_autolag", .string(settings.tests.lagSelection.rawValue)),
            ("adf_maxlag", settings.tests.maximumLag.map { .integer($0) } ?? .string("schwert")),
        ]
        return .object(entries)
    }

    /// The head for people: a key and its text.
    var lines: [(key: String, value: String)] {
        var lines: [(key: String, value: String)] = []
        switch source.origin {
        case .file(let file): lines.append(("file", file))
        case .database(let path, let timeframe): lines += [("database", path), ("bars", timeframe.label)]
        }
        lines += source.series.map { ($0.role, $0.name) }
        lines += [("time", timeText), ("rows", rowsText), ("window", windowText), ("prices", priceText)]
        if isPair { lines.append(("regression", regression)) }
        lines.append(("tests", testsText))
        return lines
    }

    private var leftOut: [AnalysisSource.LeftOut] {
        switch source.origin {
        case .database: [.beforeGap]
        case .file: AnalysisSource.LeftOut.allCases.filter { $0 != .beforeGap }
        }
    }

    private var orderText: String {
        guard let order = source.order else { return "as in the file" }
        return order.direction == .oldestFirst
            ? "oldest first by \(order.column)" : "\(order.direction.rawValue), sorted by \(order.column)"
    }

    private var timeText: String {
        guard let order = source.order else {
            return "no column is a time; rows as in the file, the last is the newest"
        }
        var parts = ["\(order.text(order.first)) to \(order.text(order.last))"]
        if let step = order.usualStep { parts.append("usual step \(order.stepText(step))") }
        parts.append(gapsText(order))
        if case .file = source.origin {
            parts.append(orderText + (order.values == .times ? "" : ", a row number"))
        }
        return parts.joined(separator: "; ")
    }

    private func gapsText(_ order: RowOrder) -> String {
        if case .database = source.origin { return "\(order.gaps) missing" }
        guard order.gaps > 0, let longest = order.longestStep else { return "no gaps" }
        return "\(order.gaps == 1 ? "1 gap" : "\(order.gaps) gaps"), the longest \(order.stepText(longest))"
    }

    private var rowsText: String {
        var read = "\(source.rowsRead) read"
        if case .database = source.origin { read += ", missing ones included" }
        var parts = [read] + source.leftOutWords
        parts.append("\(window) used in the window")
        parts.append(tested.map { "\($0) tested" } ?? "none tested")
        return parts.joined(separator: ", ")
    }

    private var windowText: String {
        guard let window = settings.window, window < source.usableRows else { return "all \(source.unit)s" }
        return "the newest \(window) of \(source.usableRows) \(source.unit)s"
            + (isPair ? "; evidence and signals use those before as well" : "")
    }

    private var priceText: String {
        (source.priceColumn.map { "column \($0), " } ?? "")
            + (price == .log ? "natural logarithms (log)" : "as they are (level)")
    }

    private var regression: String {
        "\(source.name("y")) on \(source.name("x")) with an intercept, ordinary least squares"
    }

    private var testsText: String {
        let tests = settings.tests
        let most = tests.maximumLag.map { "at most \($0)" } ?? "at most by Schwert's rule"
        let lags =
            tests.lagSelection == .fixed
            ? "lags \(tests.maximumLag.map(String.init) ?? "by Schwert's rule")"
            : "lags by \(tests.lagSelection.rawValue), \(most)"
        return "ADF with \(tests.trend.words), \(lags)"
            + (isPair
                ? "; Engle-Granger with a constant, lags by aic; KPSS about a constant" : "; KPSS about a constant")
    }
}

extension TrendTerms {
    /// The terms as text for people.
    fileprivate var words: String {
        switch self {
        case .noConstant: "no constant (n)"
        case .constant: "a constant (c)"
        case .constantAndTrend: "a constant and a trend (ct)"
        case .constantTrendAndSquare: "a constant and a quadratic trend (ctt)"
        }
    }
}

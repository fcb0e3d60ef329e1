import Foundation

@testable import PairsTools

/// A phrase of a verdict, and the figures of the same report for which the verdict must contain it; for others it must
/// not.
struct VerdictClaim: Sendable {
    /// The part of the verdict.
    enum Part: String, Sendable { case relation, position, reversion, watch }

    let part: Part
    let phrase: String
    let isSo: @Sendable (ReportReader) -> Bool

    init(_ part: Part, _ phrase: String, _ isSo: @escaping @Sendable (ReportReader) -> Bool) {
        self.part = part
        self.phrase = phrase
        self.isSo = isSo
    }

    /// Whether a report has the phrase exactly where its figures require it.
    func holds(in report: ReportReader) -> Bool {
        report.verdict(part).contains(phrase) == isSo(report)
    }

    static let all: [VerdictClaim] = [
        .init(.relation, "not known whether") { $0.calibrated == nil },
        .init(.relation, "find cointegration of eth and btc") { $0.isFound },
        .init(.relation, "leave open whether") { report in
            report.calibrated.map { $0 >= report.levels.pValueExit && $0 < report.levels.pValue } ?? false
        },
        .init(.relation, "find no cointegration") { report in
            report.calibrated.map { $0 >= report.levels.pValue } ?? false
        },
        .init(.relation, "confidence in cointegration is low") {
            $0.isTested && $0.confidence.map { $0 < 0.5 } == true
        },
        .init(.relation, "confidence in cointegration is moderate") {
            $0.isTested && $0.confidence.map { (0.5..<0.8).contains($0) } == true
        },
        .init(.relation, "confidence in cointegration is high") {
            $0.isTested && $0.confidence.map { $0 >= 0.8 } == true
        },
        .init(.relation, "confidence in cointegration has no value") { $0.isTested && $0.confidence == nil },
        .init(.relation, "are fewer than 200") {
            $0.isTested && $0.number("tested_observations").map { $0 < 200 } == true
        },
        .init(.relation, "reverts by itself") { $0.isTested && $0.revertingLegs == 1 },
        .init(.relation, "both legs revert by themselves") { $0.isTested && $0.revertingLegs == 2 },
        .init(.relation, "KPSS rejects a stationary spread") {
            $0.isFound && $0.number("kpss.pvalue").map { $0 < 0.05 } == true
        },
        .init(.relation, "one window is a single look") { $0.isTested && $0.isSingleWindow },
        .init(.relation, "repeated tests prove it") { $0.isTested && !$0.isSingleWindow && $0.isProven(enough: true) },
        .init(.relation, "still prove it") { $0.isTested && !$0.isSingleWindow && $0.isProven(enough: false) },
        .init(.relation, "data quality is") { $0.isTested && $0.number("data_quality").map { $0 < 0.9 } == true },
        .init(.relation, "newest tests") { $0.isTested && !$0.isSingleWindow },
        .init(.relation, "repeated tests do not prove it") {
            $0.isTested && !$0.isSingleWindow && $0.text("proven") == "no"
        },
        .init(.relation, "a break is signalled") { $0.isTested && $0.text("signals.stationarity_risk") == "holds" },
        .init(.position, "not known where") { $0.z == nil },
        .init(.position, "far above its line") { report in report.z.map { $0 >= report.levels.zScoreEntry } ?? false },
        .init(.position, "far below its line") { report in report.z.map { $0 <= -report.levels.zScoreEntry } ?? false },
        .init(.position, "close to its line") { report in report.z.map { abs($0) < report.levels.zScoreExit } ?? false
        },
        .init(.position, "is between the exit level") { report in
            report.z.map { abs($0) >= report.levels.zScoreExit && abs($0) < report.levels.zScoreEntry } ?? false
        },
        .init(.position, "less than") { report in
            report.isFar && report.text("forecast_zscore_base_rate.bound") == "below"
        },
        .init(.reversion, "half-life is") { $0.halfLife != nil },
        .init(.reversion, "hardly known") { report in
            report.halfLife.map { $0.upper > 10 * $0.lower } ?? false
        },
        .init(.reversion, "well known") { report in report.halfLife.map { $0.upper <= 3 * $0.lower } ?? false },
        .init(.reversion, "roughly known") { report in
            report.halfLife.map { $0.upper > 3 * $0.lower && $0.upper <= 10 * $0.lower } ?? false
        },
        .init(.reversion, "may be chance") { $0.halfLife != nil && !$0.isFound },
        .init(.reversion, "no certain pull") { $0.reason("half_life_bars")?.hasPrefix("not_reverting") == true },
        .init(.reversion, "reverts within one") { $0.reason("half_life_bars")?.hasPrefix("faster_than_bar") == true },
        .init(.watch, "without cointegration it may not") { $0.hasFit && $0.isFar && !$0.isBroken && !$0.isFound },
        .init(.watch, "distance halves within") {
            $0.hasFit && $0.isFar && !$0.isBroken && $0.isFound && $0.halfLife != nil
        },
        .init(.watch, "half-life is not known") {
            $0.hasFit && $0.isFar && !$0.isBroken && $0.isFound && $0.halfLife == nil
        },
        .init(.watch, "on at least 200") {
            $0.hasFit && !$0.isFar && !$0.isBroken && $0.number("observations").map { $0 < 200 } == true
        },
        .init(.watch, "falls below") { report in
            report.hasFit && !report.isFar && !report.isBroken && report.isTested && !report.isFound
                && report.number("observations").map { $0 >= 200 } == true
        },
        .init(.watch, "whether the correlation") { $0.hasFit && $0.text("signals.correlation_breakdown") == "holds" },
    ]
}

/// A report on a pair, read from its JSON.
struct ReportReader: Sendable {
    private let values: [String: String]
    private let numbers: [String: Double]
    let levels: SignalLevels
    let isSingleWindow: Bool

    /// Thresholds that the verdict names.
    struct SignalLevels: Sendable {
        var zScoreEntry = 2.0
        var zScoreExit = 0.5
        var pValue = 0.05
        var pValueExit = 0.03
    }

    init(_ report: AnalysisReport, levels: SignalLevels, isSingleWindow: Bool) throws {
        var values: [String: String] = [:]
        var numbers: [String: Double] = [:]
        func visit(_ value: Any, at path: String) {
            switch value {
            case let object as [String: Any]:
                // Keys of reasons are paths themselves.
                for (key, value) in object { visit(value, at: path.isEmpty ? key : "\(path).\(key)") }
            case let list as [Any]: values[path] = list.compactMap { $0 as? String }.joined(separator: " ")
            case let text as String: values[path] = text
            case let number as NSNumber: numbers[path] = number.doubleValue
            default: break
            }
        }
        visit(try JSONSerialization.jsonObject(with: Data(report.json.utf8)), at: "")
        self.values = values
        self.numbers = numbers
        self.levels = levels
        self.isSingleWindow = isSingleWindow
    }

    func number(_ path: String) -> Double? { numbers[path] }
    func text(_ path: String) -> String? { values[path] }
    func reason(_ path: String) -> String? { values["reason.\(path)"] }
    func verdict(_ part: VerdictClaim.Part) -> String { values["verdict.\(part.rawValue)"] ?? "" }

    var calibrated: Double? { number("calibrated_pvalue") }
    var isTested: Bool { calibrated != nil }
    var isFound: Bool { calibrated.map { $0 < levels.pValueExit } ?? false }
    var confidence: Double? { number("confidence") }
    var z: Double? { number("forecast_zscore") }
    var isFar: Bool { z.map { abs($0) >= levels.zScoreEntry } ?? false }
    var hasFit: Bool { number("hedge_ratio") != nil && reason("zscore")?.hasPrefix("collinear") != true }
    var isBroken: Bool { text("signals.stationarity_risk") == "holds" }
    var revertingLegs: Int { ["y", "x"].count { number("leg_unit_root.\($0)").map { $0 < 0.01 } ?? false } }

    /// Whether cointegration is proven, by the present evidence or by that of an earlier window.
    func isProven(enough: Bool) -> Bool {
        guard text("proven") == "yes", let evidence = number("evidence"), let level = number("evidence_threshold")
        else {
            return false
        }
        return (evidence >= level) == enough
    }

    var halfLife: (lower: Double, upper: Double)? {
        guard let lower = number("half_life_lower_bars"), let upper = number("half_life_upper_bars") else { return nil }
        return (lower, upper)
    }
}

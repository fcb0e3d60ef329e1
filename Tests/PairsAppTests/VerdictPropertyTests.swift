import Foundation
import MarketData
import PairEngine
import SimulatedPairs
import TestSupport
import Testing

@testable import PairsTools

/// No sentence of a verdict contradicts a figure of its report, and no required sentence is missing.
@Suite struct VerdictPropertyTests {
    private static let relations: [SimulatedPair.Relation] = [
        .walks(correlation: 0), .walks(correlation: 0.9), .cointegrated(halfLife: 4, correlation: 0.9),
        .cointegrated(halfLife: 12, correlation: 0.6), .pegged(halfLife: 3),
        .cointegrated(halfLife: 1, correlation: 0.8),
    ]
    private static let changes: [SimulatedPair.Change?] = [nil, .walk, .levelShift(deviations: 8), nil, .decoupling]

    /// Changes some pairs as files may have them: gaps, legs that do not move or move as one, a last row far away, and
    /// a spread that changes sides in every row.
    private static func spoil(_ slots: inout [WindowReplay.Slot?], _ seed: Int) {
        let last = slots.count - 1
        if seed.isMultiple(of: 7) { slots[last / 3] = nil }
        if seed.isMultiple(of: 8) { slots[last]?.y += 1 }
        if seed.isMultiple(of: 11) { slots[last] = nil }
        for row in slots.indices {
            guard let slot = slots[row] else { continue }
            if seed.isMultiple(of: 13) { slots[row]?.x = 4 }
            if seed.isMultiple(of: 17) { slots[row]?.x = slot.y + 1 }
            if seed.isMultiple(of: 19) {
                slots[row]?.y = slot.x + (row.isMultiple(of: 2) ? 0.01 : -0.01) * Double(1 + row % 3)
            }
        }
    }

    /// A report on a pair of random length, relation, window, gaps and thresholds.
    private static func report(seed: Int) throws -> (report: AnalysisReport, reader: ReportReader) {
        var random = SeededRandom(seed: seed)
        // Long histories of short windows prove what one window cannot.
        let isProvable = seed.isMultiple(of: 10)
        let isShort = seed.isMultiple(of: 9)
        let rows = isProvable ? 500 : isShort ? 5 + Int(40 * random.uniform()) : 40 + Int(200 * random.uniform())
        let change = changes[(isProvable ? seed / 10 : seed) % changes.count].map { (kind: $0, bar: rows * 4 / 5) }
        let law = SimulatedMarketLaw.all[seed % SimulatedMarketLaw.all.count]
        let relation = isProvable ? .cointegrated(halfLife: 1, correlation: 0.8) : relations[seed % relations.count]
        let pair = SimulatedPair(law, relation, bars: rows, change: change, seed: UInt64(seed))
        var slots: [WindowReplay.Slot?] = pair.x.indices.map {
            (x: pair.x[$0], y: pair.y[$0], isCarried: pair.isCarried[$0])
        }
        spoil(&slots, seed)
        let window = isProvable ? 40 : seed.isMultiple(of: 3) ? max(5, rows / 3) : nil
        var settings = AnalysisSettings(window: window)
        var levels = ReportReader.SignalLevels()
        if random.uniform() < 0.5 {
            levels.zScoreEntry = 0.3 + 2 * random.uniform()
            levels.zScoreExit = levels.zScoreEntry * random.uniform()
            levels.pValue = random.uniform()
            levels.pValueExit = levels.pValue * random.uniform()
        }
        settings.thresholds.zScoreEntry = levels.zScoreEntry
        settings.thresholds.zScoreExit = levels.zScoreExit
        settings.thresholds.pValue = levels.pValue
        settings.thresholds.pValueExit = levels.pValueExit
        let analysis = PairAnalysis(slots, settings: settings, timeframe: .second)
        let report = AnalysisReport(analysis, source: .sample(rows: rows))
        let isSingle = settings.window.map { $0 >= rows } ?? true
        return (report, try ReportReader(report, levels: levels, isSingleWindow: isSingle))
    }

    @Test("Verdicts of random pairs state what the figures of their reports show, and nothing else")
    func randomPairs() throws {
        var said: [String: Int] = [:]
        var previous: ReportReader?
        var (exchanged, caught) = (0, 0)
        for seed in 1...60 {
            let (report, reader) = try Self.report(seed: seed)
            for claim in VerdictClaim.all {
                #expect(claim.holds(in: reader), "\(seed) \(claim.phrase): \(reader.verdict(claim.part))")
                if claim.isSo(reader) { said[claim.phrase, default: 0] += 1 }
            }
            expectNumbers(reader, seed)
            expectText(report, seed)
            if let previous {
                exchanged += 1
                let isCaught = VerdictClaim.all.contains {
                    previous.verdict($0.part).contains($0.phrase) != $0.isSo(reader)
                }
                if isCaught { caught += 1 }
            }
            previous = reader
        }
        let silent = VerdictClaim.all.map(\.phrase).filter { said[$0] == nil }
        if silent.count > 4 { Issue.record("never said: \(silent)") }
        // The verdict of another report is nearly always wrong.
        #expect(Double(caught) > 0.9 * Double(exchanged))
    }

    /// Numbers of the sentences are the report's, to six digits.
    private func expectNumbers(_ reader: ReportReader, _ seed: Int) {
        let figures: [(part: VerdictClaim.Part, before: String, path: String)] = [
            (.relation, "calibrated p ", "calibrated_pvalue"), (.relation, "Engle-Granger p ", "engle_granger.pvalue"),
            (.relation, "y on x and ", "engle_granger_reversed.pvalue"), (.position, "forecast z ", "forecast_zscore"),
            (.reversion, "half-life is ", "half_life_bars"), (.reversion, "interval from ", "half_life_lower_bars"),
        ]
        for figure in figures {
            let text = reader.verdict(figure.part)
            guard let number = reader.number(figure.path), let range = text.range(of: figure.before) else { continue }
            let word = text[range.upperBound...].prefix { !" ,;:".contains($0) }
            #expect(word == "<" || word == ">" || String(word) == number.significant, "\(seed) \(figure.path): \(text)")
        }
    }

    private func expectText(_ report: AnalysisReport, _ seed: Int) {
        for line in report.text.split(separator: "\n") {
            #expect(line.count <= ReportText.width, "\(seed): \(line)")
        }
        let words = report.text.lowercased()
        for advice in ["buy", "sell", "profit", "enter a", "position"] {
            #expect(!words.contains(" \(advice) "), "\(seed)")
        }
    }

    @Test("Verdicts of random series state what the figures of their reports show")
    func randomSeries() throws {
        var random = SeededRandom(seed: 4)
        for persistence in [0, 0.5, 0.9, 1] + (0..<20).map({ Double($0) / 19 }) {
            var level = 0.0
            let values = (0..<(10 + Int(300 * random.uniform()))).map { _ in
                level = persistence * level + random.normal()
                return level
            }
            let analysis = SeriesAnalysis(values, settings: AnalysisSettings())
            let source = AnalysisSource(origin: .file("series.csv"), series: [("series", "v")], rowsRead: values.count)
            let report = AnalysisReport(analysis, source: source)
            let reader = try ReportReader(report, levels: ReportReader.SignalLevels(), isSingleWindow: true)
            let text = reader.verdict(.relation)
            let adf = try #require(reader.number("adf.pvalue")) < 0.05
            let kpss = try #require(reader.number("kpss.pvalue")) < 0.05
            #expect(text.contains("ADF rejects a unit root") == adf, "\(text)")
            #expect(text.contains("both speak for a stationary series") == (adf && !kpss), "\(text)")
            #expect(text.contains("both speak for a unit root") == (!adf && kpss), "\(text)")
            #expect(text.contains("neither decides") == (!adf && !kpss), "\(text)")
            #expect(text.contains("fewer than 200") == (values.count < 200), "\(text)")
            let z = try #require(reader.number("zscore"))
            #expect(reader.verdict(.position).contains("\(abs(z).significant) standard deviations"))
            #expect(reader.verdict(.position).contains("below the mean") == (z < 0))
            let reversion = reader.verdict(.reversion)
            #expect(reversion.contains("half-life is") == (reader.halfLife != nil), "\(reversion)")
            expectText(report, values.count)
        }
    }

    @Test("Every claim is wrong for some report, so that it can be caught")
    func claimsCanFail() throws {
        let readers = try (1...20).map { try Self.report(seed: $0).reader }
        for claim in VerdictClaim.all {
            #expect(readers.contains { !claim.isSo($0) }, "\(claim.phrase)")
        }
    }
}

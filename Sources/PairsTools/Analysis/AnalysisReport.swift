import PairEngine
import PairsApp

/// The answer of `analyze`: for programs as JSON, for people as text.
package struct AnalysisReport: Sendable {
    private struct Section: Sendable {
        let title: String
        var figures: [ReportFigure] = []
    }

    private let head: AnalysisHead
    private var verdict = Verdict()
    private var sections: [Section] = []
    private var absences: [(key: String, absence: ReportAbsence)] = []
    private var warnings: [String] = []

    init(head: AnalysisHead) {
        self.head = head
        for (key, absence) in head.absences { absences.append(("head.\(key)", absence)) }
    }

    /// A JSON object; what cannot be computed is null, with its reason under `reason`.
    package var json: String {
        var object: [(key: String, value: JSONValue)] = [("head", head.json), ("verdict", verdict.json)]
        object += sections.flatMap(\.figures).map { ($0.key, $0.json) }
        object.append(("reason", .object(absences.map { ($0.key, .string($0.absence.text)) })))
        object.append(("warnings", .array(warnings.map { .string($0) })))
        return JSONValue.object(object).text + "\n"
    }

    /// The head, the verdict and a table with the meaning of each figure, no line longer than 80 columns.
    package var text: String {
        var text = ReportText()
        for (key, value) in head.lines { text.field(key, value, column: AnalysisHead.column) }
        text.heading("Verdict")
        for sentence in verdict.sentences + verdict.watch { text.paragraph(sentence, indentation: 2) }
        for warning in warnings { text.paragraph("Warning: \(warning).", indentation: 2) }
        for section in sections {
            text.heading(section.title)
            for figure in section.figures where figure.isInText { write(figure, at: figure.key, depth: 1, to: &text) }
        }
        writeAbsences(to: &text)
        return text.text
    }

    /// Begins a part of the table.
    mutating func section(_ title: String) {
        sections.append(Section(title: title))
    }

    /// Adds a figure to the last section.
    mutating func add(_ figure: ReportFigure) {
        guard !sections.isEmpty else { return }
        sections[sections.count - 1].figures.append(figure)
    }

    /// Adds a number, or the reason why there is none.
    mutating func add(_ key: String, _ outcome: Measured<Double>, _ meaning: String? = nil) {
        add(ReportFigure(key, JSONValue(outcome.value), meaning))
        if let reason = outcome.reason { explain(key, reason) }
    }

    /// Adds the reason why a figure is null.
    mutating func explain(_ key: String, _ reason: UndefinedReason) {
        absences.append((key, absence(reason)))
    }

    /// A reason in the terms of the analysed data.
    func absence(_ reason: UndefinedReason) -> ReportAbsence {
        ReportAbsence(reason, isOfPair: head.isPair)
    }

    mutating func warn(_ warning: String) {
        warnings.append(warning)
    }

    mutating func conclude(_ verdict: Verdict) {
        self.verdict = verdict
    }

    private func write(_ figure: ReportFigure, at path: String, depth: Int, to text: inout ReportText) {
        let key = String(repeating: "  ", count: depth) + figure.key
        let parts = figure.parts.filter(\.isInText)
        if figure.isAbsent {
            text.figure(key, "none (\(absence(at: path)?.code ?? "unknown"))", nil)
        } else if parts.isEmpty {
            text.figure(key, figure.shown ?? Self.text(figure.value), figure.meaning)
        } else {
            text.figure(key, nil, figure.meaning)
            for part in parts { write(part, at: "\(path).\(part.key)", depth: depth + 1, to: &text) }
        }
    }

    /// The reason of a figure, or of the figure that it is a part of.
    private func absence(at path: String) -> ReportAbsence? {
        absences.first { $0.key == path || path.hasPrefix($0.key + ".") }?.absence
            ?? absences.first { $0.key.hasPrefix(path + ".") }?.absence
    }

    private func writeAbsences(to text: inout ReportText) {
        var seen: Set<ReportAbsence> = []
        let listed = absences.map(\.absence).filter { seen.insert($0).inserted }
        guard !listed.isEmpty else { return }
        text.heading("Why a value is missing")
        for absence in listed { text.field("  " + absence.code, absence.explanation, column: Self.reasonColumn) }
    }

    private static let reasonColumn = 19

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .number(let number): number.significant
        case .string(let text): text
        case .object(let entries): entries.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
        default: value.line
        }
    }
}

import PairEngine
import PairsApp

/// One figure of a report, or several under one key.
struct ReportFigure: Sendable {
    let key: String
    /// The value in full precision.
    var value = JSONValue.null
    /// The value in the text where six digits would mislead, as for a bound.
    var shown: String?
    /// The meaning of the figure, for the text; nil where the key is enough.
    var meaning: String?
    /// The figures under this key, in place of a value.
    var parts: [ReportFigure] = []
    /// Whether the text shows the figure; JSON always does.
    var isInText = true

    init(
        _ key: String,
        _ value: JSONValue,
        _ meaning: String? = nil,
        shown: String? = nil,
        isInText: Bool = true
    ) {
        self.key = key
        self.value = value
        self.meaning = meaning
        self.shown = shown
        self.isInText = isInText
    }

    init(_ key: String, parts: [ReportFigure], _ meaning: String? = nil) {
        self.key = key
        self.parts = parts
        self.meaning = meaning
    }

    /// The figure for programs.
    var json: JSONValue {
        parts.isEmpty ? value : .object(parts.map { ($0.key, $0.json) })
    }

    /// Whether the figure has no value to show.
    var isAbsent: Bool {
        guard parts.isEmpty else { return parts.allSatisfy { $0.isAbsent || !$0.isInText } }
        if case .null = value { return true } else { return false }
    }
}

/// Why a figure of a report has no value.
struct ReportAbsence: Sendable, Hashable {
    /// A code for programs.
    let code: String
    /// A sentence for people.
    let explanation: String

    init(_ reason: UndefinedReason, isOfPair: Bool) {
        self.init(code: reason.rawValue, explanation: isOfPair ? reason.explanation : reason.seriesExplanation)
    }

    init(code: String, explanation: String) {
        self.code = code
        self.explanation = explanation
    }

    /// The value in JSON.
    var text: String { "\(code): \(explanation)" }
}

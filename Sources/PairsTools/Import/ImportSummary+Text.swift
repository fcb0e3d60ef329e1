import MarketData
import TradeFeeds
import TradeFiles

extension ImportSummary {
    private static let width = 80

    /// The text for people: one sentence for each stream, and one line for each run of missing ids.
    package var text: String {
        if wasImported { return "\(path): imported before, nothing to do\n" }
        var sentences = contents.enumerated().map { index, content in
            phrases(of: content, isFirst: index == 0, isOnly: contents.count == 1)
        }
        if contents.count > 1 { sentences.append(["\(path): \(rows) rows read"] + filePhrases) }
        var lines = sentences.map { Self.wrapped($0) }
        lines += missing.map { run in
            "  missing: \(run.stream) ids \(run.ids.lowerBound) to \(run.ids.upperBound) (\(run.ids.count))"
        }
        if furtherMissing > 0 {
            lines.append("  and \(furtherMissing) further runs of missing ids; see the view hole")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// How many rows were refused for which reasons, such as `2 price, 1 time`; the most frequent first.
    package var refusedReasons: String {
        refused.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }

    private var refusedText: String {
        "\(refused.count) refused" + (refused.count > 0 ? " (\(refusedReasons))" : "")
    }

    private var filePhrases: [String] {
        [refusedText] + (repeats > 0 ? ["\(repeats) repeated"] : []) + (isVerified ? ["checksum verified"] : [])
    }

    private func phrases(of content: Content, isFirst: Bool, isOnly: Bool) -> [String] {
        let name =
            content.stream.map { "\(content.instrument)@\($0)" }
            ?? "\(content.instrument) \(content.timeframe?.label ?? "")"
        var phrases = [
            "\(path): \(name)",
            "\(ISO8601.text(content.times.lowerBound)) to \(ISO8601.text(content.times.upperBound))",
        ]
        phrases.append("\(isOnly ? rows : content.rows) rows\(isOnly ? " read" : "")")
        let present = content.rows - content.newRows - content.otherRecords
        phrases += ["\(content.newRows) new", "\(present) on disk already"]
        if content.otherRecords > 0 { phrases.append("\(content.otherRecords) no market trades") }
        if content.stream != nil { phrases.append("\(content.builtBars) bars") }
        if isOnly { phrases += filePhrases }
        if content.stream.map({ !TradeStream.isNumbered($0) }) == true {
            phrases.append("without ids, so completeness is unprovable")
        }
        return phrases
    }

    /// Phrases with commas in lines of 80 columns, all but the first of them indented.
    private static func wrapped(_ phrases: [String]) -> String {
        var lines: [String] = []
        for (index, phrase) in phrases.enumerated() {
            let phrase = index + 1 < phrases.count ? phrase + "," : phrase
            if let last = lines.last, last.count + 1 + phrase.count <= width {
                lines[lines.count - 1] = last + " " + phrase
            } else {
                lines.append(lines.isEmpty ? phrase : "  " + phrase)
            }
        }
        return lines.joined(separator: "\n")
    }
}

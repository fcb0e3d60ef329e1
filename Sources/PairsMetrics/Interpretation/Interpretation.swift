package import PairEngine

/// A reading in sentences: its meaning, how far to trust it, what a researcher might watch next.
///
/// The sentences belong to the conditions of ``WordTable`` that hold for one snapshot, so every sentence follows from
/// numbers of that snapshot. All sentences are reviewed and without numbers, so that they can be labels. Information,
/// never advice.
package struct Interpretation: Sendable, Hashable {
    /// The overall state of the reading.
    package let state: PairState
    private let hasReading: Bool
    /// The condition that holds in each part of the table. It is fast to compare and determines the three texts.
    private let choices: SIMD16<UInt8>

    /// The sentences for a reading.
    /// - Parameters:
    ///   - thresholds: those of its pair.
    ///   - isStale: whether its last bar is too old to count as current.
    package init(_ reading: PairReading, thresholds: SignalThresholds, isStale: Bool = false) {
        self.init(ReadingFacts(reading, thresholds: thresholds, isStale: isStale))
    }

    /// The sentences that follow from the facts.
    init(_ facts: ReadingFacts) {
        state = PairState(facts)
        hasReading = facts.absence == nil
        var choices = SIMD16<UInt8>.zero
        for (index, part) in WordTable.of(facts).parts.enumerated() {
            choices[index] = UInt8(part.choice(for: facts))
        }
        self.choices = choices
    }

    /// What the reading means.
    package var meaning: String { text(table.meaning, from: 0) }

    /// How far to trust it.
    package var confidence: String { text(table.confidence, from: table.meaning.count) }

    /// What to watch next.
    package var watch: String { text(table.watch, from: table.meaning.count + table.confidence.count) }

    /// What to watch next about correlation and changes; empty where there is no reading.
    package static func watchBeyondSpread(_ reading: PairReading, thresholds: SignalThresholds) -> [String] {
        let facts = ReadingFacts(reading, thresholds: thresholds, isStale: false)
        guard facts.absence == nil else { return [] }
        return [WordTable.nextCorrelation, WordTable.nextChanges]
            .map { $0.conditions[$0.choice(for: facts)].sentence }
            .filter { !$0.isEmpty }
    }

    /// The conditions that the sentences follow from, in the order of the table.
    var conditions: [WordCondition] {
        table.parts.enumerated().map { $0.element.conditions[Int(choices[$0.offset])] }
    }

    private var table: WordTable { hasReading ? .reading : .noReading }

    private func text(_ parts: [WordPart], from first: Int) -> String {
        parts.enumerated().map { offset, part in part.conditions[Int(choices[first + offset])].sentence }
            .filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}

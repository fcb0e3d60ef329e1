import PairEngine
import PairStatistics
import TestSupport
import Testing

@testable import PairsMetrics

/// No sentence contradicts a number of its snapshot, and no required sentence is missing.
@Suite struct WordPropertyTests {
    @Test("Sentences about random facts state what the facts show, and nothing else")
    func randomFacts() {
        var random = SeededRandom(seed: 12)
        var checker = WordChecker()
        for _ in 0..<20_000 {
            let facts = ReadingFacts.random(&random)
            let faults = checker.faults(Interpretation(facts), facts)
            guard faults.isEmpty else {
                Issue.record("\(faults) of \(facts)")
                return
            }
        }
    }

    @Test("Sentences about simulated pairs state what the readings show, and nothing else")
    func simulatedPairs() throws {
        let thresholds = SignalThresholds()
        var checker = WordChecker()
        var snapshots = 0
        var faults: [String] = []
        var seen: Set<Interpretation> = []
        try SimulatedReadings.forEach(seeds: 0..<25) { bar, reading in
            let words = Interpretation(reading, thresholds: thresholds)
            let facts = ReadingFacts(reading, thresholds: thresholds, isStale: false)
            faults += checker.faults(words, facts) + Self.faults(words, reading)
            seen.insert(words)
            snapshots += 1
        }
        #expect(faults.isEmpty, "\(faults.prefix(5))")
        #expect(snapshots == 25 * 480)
        #expect(seen.count > 100)
    }

    /// The same check on the reading itself, without its facts.
    private static func faults(_ words: Interpretation, _ reading: PairReading) -> [String] {
        guard let fit = reading.fit.value, !fit.isCollinear else {
            return words.confidence == "There is no reading to trust." ? [] : ["no reading: \(words.confidence)"]
        }
        let z = reading.forecastZScore.value.map(abs)
        let correlation = reading.returnCorrelation.value
        let isFar = z.map { $0 >= 2 } ?? false
        let isClose = z.map { $0 < 0.5 } ?? false
        let isStretched = reading.holds(.zScoreExtreme) == true
        let isStrong = correlation.map { $0 >= 0.5 } ?? false
        let isAtRisk = reading.holds(.stationarityRisk) == true
        let tests = reading.tests.value
        let isLegReverting = [tests?.unitRootY, tests?.unitRootX].contains { ($0?.value?.pValue ?? 1) < 0.01 }
        let doesLatestFind = (tests?.calibratedPValue ?? 1) < 0.03
        let isEnough = (reading.evidence ?? 0) >= CointegrationEvidence.threshold
        let isUnproven = reading.evidence != nil && !reading.isProven
        let checks: [(phrase: String, text: String, isSo: Bool)] = [
            ("far from its line", words.meaning, isFar && isStretched),
            ("not yet for enough fresh bars", words.meaning, isFar && !isStretched),
            ("close to its line", words.meaning, isClose && !isStretched),
            ("Repeated tests prove", words.meaning, reading.isProven && !isAtRisk),
            ("at risk", words.state.name, isAtRisk),
            ("A leg reverts by itself", words.confidence, isLegReverting),
            ("The latest test alone finds cointegration", words.confidence, doesLatestFind && isUnproven && !isEnough),
            ("The hedge ratio is negative or extreme", words.confidence, reading.hasUnusualHedgeRatio),
            ("There is no confidence", words.confidence, reading.confidence == nil),
            ("Confidence is low", words.confidence, reading.confidence.map { $0 < 0.5 } ?? false),
        ]
        return checks.filter { $0.text.contains($0.phrase) != $0.isSo }.map { "\($0.phrase): \($0.text)" }
            + (words.meaning.contains("together strongly") && !isStrong ? ["not strong: \(words.meaning)"] : [])
    }

    @Test("Every condition holds for some facts, and its sentence is then part of the text")
    func conditions() {
        var random = SeededRandom(seed: 3)
        var met: Set<String> = []
        for _ in 0..<30_000 {
            let facts = ReadingFacts.random(&random)
            let words = Interpretation(facts)
            let table = WordTable.of(facts)
            for (part, condition) in zip(table.parts, words.conditions) {
                if !condition.holds(facts) { Issue.record("\(part.name), \(condition.name): \(facts)") }
                met.insert("\(part.name): \(condition.name)")
            }
            let texts = [words.meaning, words.confidence, words.watch].joined(separator: " ")
            #expect(texts == words.conditions.map(\.sentence).filter { !$0.isEmpty }.joined(separator: " "))
        }
        for part in WordTable.reading.parts + WordTable.noReading.parts {
            for condition in part.conditions {
                #expect(met.contains("\(part.name): \(condition.name)"), "never met")
            }
        }
    }

    @Test("Every sentence makes a claim that is checked")
    func coverage() {
        for table in [WordTable.reading, .noReading] {
            for (label, parts) in [
                (WordClaim.Label.meaning, table.meaning), (.confidence, table.confidence), (.watch, table.watch),
            ] {
                for condition in parts.flatMap(\.conditions) where !condition.sentence.isEmpty {
                    #expect(
                        WordClaim.all.contains { $0.label == label && condition.sentence.contains($0.phrase) },
                        "\(condition.sentence)"
                    )
                }
            }
        }
    }

    @Test("Each claim detects its phrase where it is wrong, and its absence where it is required")
    func plantedClaims() {
        var random = SeededRandom(seed: 8)
        let samples = (0..<20_000).map { _ in ReadingFacts.random(&random) }
        for claim in WordClaim.all {
            guard let wrong = samples.first(where: { !claim.mayBeSaid($0) }) else {
                Issue.record("“\(claim.phrase)” is never wrong")
                continue
            }
            let text = claim.label.text(of: Interpretation(wrong))
            #expect(claim.fault(in: text, wrong) == nil)
            #expect(claim.fault(in: text + " " + claim.phrase, wrong) != nil)
            guard let right = samples.first(where: claim.mustBeSaid) else {
                #expect(claim.phrase == "recovering", "never said")
                continue
            }
            let spoken = claim.label.text(of: Interpretation(right))
            #expect(claim.fault(in: spoken, right) == nil)
            #expect(claim.fault(in: spoken.replacing(claim.phrase, with: ""), right) != nil)
        }
    }

    @Test("The sentences of one snapshot contradict the numbers of another")
    func exchangedWords() {
        var random = SeededRandom(seed: 21)
        var previous = ReadingFacts.random(&random)
        var checker = WordChecker()
        var (exchanged, caught) = (0, 0)
        for _ in 0..<5_000 {
            let facts = ReadingFacts.random(&random)
            let words = Interpretation(previous)
            if words != Interpretation(facts) {
                exchanged += 1
                if !checker.faults(words, facts).isEmpty { caught += 1 }
            }
            previous = facts
        }
        #expect(exchanged > 4_500)
        // A few differ only in sentences that both may have.
        #expect(Double(caught) > 0.998 * Double(exchanged))
    }
}

/// Compares sentences with facts by the claims of their phrases, and searches each text for phrases only once.
struct WordChecker {
    private let claims: [WordClaim.Label: [WordClaim]] = Dictionary(grouping: WordClaim.all, by: \.label)
    /// Which phrases of its label a text contains.
    private var said: [WordClaim.Label: [String: [Bool]]] = [:]

    /// Where the sentences contradict the facts, or leave something out.
    mutating func faults(_ words: Interpretation, _ facts: ReadingFacts) -> [String] {
        var faults: [String] = []
        for label in WordClaim.Label.allCases {
            let text = label.text(of: words)
            let claims = claims[label, default: []]
            let said = self.said[label]?[text] ?? claims.map { text.contains($0.phrase) }
            self.said[label, default: [:]][text] = said
            for (claim, isSaid) in zip(claims, said) {
                if let fault = claim.fault(in: text, isSaid: isSaid, facts) { faults.append(fault) }
            }
        }
        return faults
    }
}

import Foundation
import PairEngine
import SimulatedPairs
import TestSupport
import Testing

@testable import PairsMetrics

@Suite struct InterpretationTests {
    /// Words that would turn a description into advice.
    private static let advice: Set<Substring> = [
        "buy", "sell", "long", "short", "go", "enter", "exit", "entry", "trade", "position", "profit", "loss",
        "opportunity", "should", "must", "recommend", "invest", "bet", "cheap", "expensive", "target", "now",
    ]

    private static func advises(_ sentence: String) -> Bool {
        // The names of levels of z.
        let text = ["exit and entry levels", "exit level", "entry level"].reduce(sentence.lowercased()) {
            $0.replacing($1, with: "level")
        }
        return !advice.isDisjoint(with: text.split { !$0.isLetter })
    }

    private static let parts = WordTable.reading.parts + WordTable.noReading.parts
    private static let sentences = Set(parts.flatMap(\.conditions).map(\.sentence)).subtracting([""]).sorted()

    /// Every text of these parts, whether or not their conditions can hold together.
    private static func texts(_ parts: [WordPart]) -> Set<String> {
        parts.reduce([""]) { texts, part in
            let sentences = Set(part.conditions.map(\.sentence))
            return Set(
                texts.flatMap { text in
                    sentences.map { text.isEmpty || $0.isEmpty ? text + $0 : text + " " + $0 }
                }
            )
        }
    }

    @Test("No sentence advises a trade", arguments: sentences)
    func noAdvice(sentence: String) {
        #expect(!Self.advises(sentence))
    }

    @Test(
        "The check on advice detects advice",
        arguments: [
            "Sell y and buy x.", "A good moment to enter.", "You should go short here.", "y is cheap now.",
            "Wait for the exit.",
        ]
    )
    func caught(sentence: String) {
        #expect(Self.advises(sentence))
    }

    @Test("Every text is a complete sentence without numbers", arguments: sentences)
    func complete(sentence: String) {
        #expect(sentence.first?.isUppercase == true && sentence.hasSuffix("."))
        #expect(!sentence.dropLast().contains(".") && !sentence.contains("  "))
        #expect(!sentence.contains { $0.isNumber || $0 == "\"" || $0 == "\\" || $0.isNewline })
        #expect(sentence.count <= 110)
    }

    @Test("What to watch begins with watching")
    func watching() {
        for part in WordTable.reading.watch + WordTable.noReading.watch {
            for condition in part.conditions where !condition.sentence.isEmpty {
                #expect(condition.sentence.hasPrefix("Watch "))
            }
        }
    }

    @Test("The number of different labels is bounded, and so is their length")
    func cardinality() {
        let counts = [WordTable.reading.meaning, WordTable.reading.confidence, WordTable.reading.watch].map {
            Self.texts($0).count
        }
        #expect(counts == [384, 448, 240])
        let noReading = [WordTable.noReading.meaning, WordTable.noReading.confidence, WordTable.noReading.watch].map {
            Self.texts($0).count
        }
        #expect(noReading == [10, 1, 5])

        var random = SeededRandom(seed: 2)
        for _ in 0..<20_000 {
            let words = Interpretation(ReadingFacts.random(&random))
            #expect(max(words.meaning.count, words.confidence.count, words.watch.count) <= 251)
            #expect(words.state.name.count <= 43)
        }
    }

    @Test("Each set of signals has a name of its own")
    func names() {
        let names = (1...SignalSet.all.rawValue).map { PairState.signals(SignalSet(rawValue: $0)).name }
        #expect(Set(names).count == 15)
        #expect(names.first == "stretched" && names.last == "stretched, decoupled, turbulent and at risk")
    }

    @Test(
        "The missing part of a first reading is named in words",
        arguments: [
            (54, 54, Shortfall.most), (48, 54, .most), (47, 54, .threeQuarters), (27, 54, .half), (14, 54, .quarter),
            (6, 54, .little), (0, 54, .little), (0, 0, .little),
        ]
    )
    func shortfall(missing: Int, needed: Int, expected: Shortfall) {
        #expect(Shortfall(missing: missing, of: needed) == expected)
    }

    @Test(
        "The level of confidence follows from its number, and its least share is named",
        arguments: [
            (4.0, 1.0, 1.0, "Confidence is high; the evidence limits it most."),
            (99, 1.0, 1.0, "Confidence is high."),
            (1.0, 1.0, 1.0, "Confidence is moderate; the evidence limits it most."),
            (0.99, 1.0, 1.0, "Confidence is low; the evidence limits it most."),
            (99, 0.7, 0.9, "Confidence is moderate; bars that repeat old prices limit it most."),
            (99, 0.9, 0.85, "Confidence is moderate; missing bars limit it most."),
            (99, 0.5, 0.9, "Confidence is low; bars that repeat old prices limit it most."),
        ]
    )
    func confidence(evidence: Double, freshness: Double, completeness: Double, expected: String) {
        var facts = ReadingFacts(thresholds: SignalThresholds(), evidenceThreshold: 1)
        facts.evidence = evidence
        facts.isProven = evidence >= 1
        facts.calibratedPValue = 0.04
        facts.freshness = freshness
        facts.completeness = completeness
        facts.confidence = freshness * completeness * (evidence / (evidence + 1))
        #expect(Interpretation(facts).confidence == expected)
    }

    @Test("Snapshots whose sentences were wrong in earlier versions")
    func measuredFaults() {
        var facts = ReadingFacts(thresholds: SignalThresholds(), evidenceThreshold: 20)
        facts.returnCorrelation = 0.12
        facts.forecastZScore = 0.38
        facts.activeSignals = .zScoreExtreme
        facts.evidence = 1
        facts.calibratedPValue = 0.003
        facts.confidence = 1 / 21
        let held = Interpretation(facts)
        #expect(held.state == .recovering)
        #expect(
            held.meaning
                == "The forecast z is within its exit level, but not yet for enough bars to end its signal. "
                + "Over the window the returns hardly move together. Repeated tests do not prove cointegration."
        )
        #expect(
            held.confidence
                == "Confidence is low; the evidence limits it most. "
                + "The latest test alone finds cointegration; repeated tests do not prove it."
        )
        #expect(held.watch == "Watch whether z stays within its exit level until its signal ends.")

        facts.forecastZScore = 27.9
        facts.activeSignals = []
        let waiting = Interpretation(facts)
        #expect(waiting.state == .pending)
        #expect(
            waiting.meaning.hasPrefix(
                "The forecast z is beyond its entry level, but not yet for enough fresh bars in a row."
            )
        )
    }

    @Test("The sentences follow the reading from its first bar on")
    func words() throws {
        var seen: [String] = []
        var last: Interpretation?
        try SimulatedReadings.forEach(seeds: 3..<4) { bar, reading in
            let words = Interpretation(reading, thresholds: SignalThresholds())
            #expect(words == Interpretation(reading, thresholds: SignalThresholds()))
            if bar == 0 {
                #expect(words.meaning == "Not enough data yet: nearly all of what a first reading needs is missing.")
            }
            if seen.last != words.state.name { seen.append(words.state.name) }
            last = Interpretation(reading, thresholds: SignalThresholds(), isStale: true)
        }
        #expect(seen.first == "warming up" && seen.count > 2)
        #expect(last?.state == .undefined(.stale))
        #expect(last?.confidence == "There is no reading to trust.")
    }

    @Test("Every sentence equals the reviewed one")
    func golden() {
        let lines = Self.parts.flatMap { part in
            part.conditions.filter { !$0.sentence.isEmpty }.map { "\(part.name) | \($0.name) | \($0.sentence)" }
        }
        #expect(lines.joined(separator: "\n") == GoldenWords.table)
    }

    @Test("The same market gives the reviewed sentences")
    func goldenMarket() throws {
        var lines: [String] = []
        try SimulatedReadings.forEach(seeds: 7..<8, bars: 720) { bar, reading in
            guard bar.isMultiple(of: 24) else { return }
            let words = Interpretation(reading, thresholds: SignalThresholds())
            lines.append("\(bar) | \(words.state.name) | \(words.meaning) | \(words.confidence) | \(words.watch)")
        }
        #expect(lines.joined(separator: "\n") == GoldenWords.market)
    }

    @Test(
        "A hedge ratio that does not make a usual spread has a sentence",
        arguments: [
            (0.8, PriceScale.log, false), (-0.8, .log, true), (25, .log, true), (0.04, .log, true), (25, .level, false),
            (0.04, .level, false), (-0.8, .level, true),
        ]
    )
    func unusualHedgeRatio(slope: Double, price: PriceScale, isUnusual: Bool) throws {
        var random = SeededRandom(seed: 5)
        var replay = WindowReplay(timeframe: try .sample("1s"), window: 60, price: price)
        for (bar, step) in random.walk(80).enumerated() {
            let x = 10 + 1e-3 * step
            replay.append((x: x, y: slope * (x + 3e-4 * sin(Double(bar))), isCarried: false))
        }
        let words = Interpretation(replay.reading, thresholds: SignalThresholds())
        #expect(replay.reading.hasUnusualHedgeRatio == isUnusual)
        #expect(words.confidence.contains("The hedge ratio is negative or extreme.") == isUnusual)
    }
}

import Foundation
import MarketData
import TestSupport
import Testing

@testable import PairEngine

@Suite struct InterpretationTests {
    /// Words that would turn a description into advice.
    private static let advice: Set<Substring> = [
        "buy", "sell", "long", "short", "go", "enter", "exit", "trade", "position", "profit", "loss", "opportunity",
        "should", "must", "recommend", "invest", "bet", "cheap", "expensive", "target", "now",
    ]

    private static func advises(_ sentence: String) -> Bool {
        !advice.isDisjoint(with: sentence.lowercased().split { !$0.isLetter })
    }

    private static let sentences =
        PairState.all.flatMap { [$0.meaning, $0.watch] } + Interpretation.all.map(\.confidence)

    @Test("No sentence advises a trade", arguments: Set(sentences).sorted())
    func noAdvice(sentence: String) {
        #expect(!Self.advises(sentence))
    }

    @Test(
        "The check on advice catches advice",
        arguments: ["Sell y and buy x.", "A good moment to enter.", "You should go short here.", "y is cheap now."]
    )
    func caught(sentence: String) {
        #expect(Self.advises(sentence))
    }

    @Test("Every text is a complete sentence without numbers", arguments: Set(sentences).sorted())
    func complete(sentence: String) {
        #expect(sentence.first?.isUppercase == true && sentence.hasSuffix(".") && !sentence.contains("  "))
        #expect(!sentence.contains { $0.isNumber || $0 == "\"" || $0 == "\\" || $0.isNewline })
        #expect(sentence.count <= 220)
    }

    @Test("What to watch begins with watching")
    func watching() {
        for state in PairState.all { #expect(state.watch.hasPrefix("Watch ")) }
    }

    @Test("Every combination of signals speaks of each signal that holds, and of no other", arguments: 0..<UInt8(16))
    func combinations(bits: UInt8) {
        let signals = SignalSet(rawValue: bits)
        let meaning = PairState.signals(signals).meaning
        #expect(
            (meaning.contains("far from its line") && !meaning.contains("not unusually far"))
                == signals.contains(.zScoreExtreme)
        )
        #expect(meaning.contains("stopped moving together") == signals.contains(.correlationBreakdown))
        #expect(
            (meaning.contains("swings") && meaning.contains("wider than usual")) == signals.contains(.volatilitySpike)
        )
        #expect(meaning.contains("test after test") == signals.contains(.stationarityRisk))
    }

    @Test("Names of states are their own, and few words")
    func names() {
        let signals = (0..<UInt8(16)).map { PairState.signals(SignalSet(rawValue: $0)).name }
        #expect(Set(signals).count == 16)
        #expect(Set(PairState.all.map(\.name)).allSatisfy { $0.count <= 36 })
    }

    @Test("The number of different words is bounded")
    func cardinality() {
        #expect(Interpretation.all.count == Set(Interpretation.all).count)
        #expect(Interpretation.all.count == 16 * 21 + 5 + UndefinedReason.allCases.count)
        #expect(Set(Interpretation.all.map(\.confidence)).count == 22)
    }

    @Test(
        "What is missing of a first reading is said in words",
        arguments: [
            (54, 54, Shortfall.most), (48, 54, .most), (47, 54, .threeQuarters), (27, 54, .half), (14, 54, .quarter),
            (6, 54, .little), (0, 54, .little), (0, 0, .little),
        ]
    )
    func shortfall(missing: Int, needed: Int, expected: Shortfall) {
        #expect(Shortfall(missing: missing, of: needed) == expected)
    }

    @Test("The words follow the reading from its first bar on, and stay within the set")
    func words() throws {
        var generator = SeededRandom(seed: 31)
        let slots = MarketSlot.random(400, faults: 1, using: &generator)
        var run = try PairRun(windows: [60], tests: TestSettings(minimumObservations: 40))
        let all = Set(Interpretation.all)
        #expect(
            Interpretation(run.reading).meaning
                == "Not enough data yet: nearly all of what a first reading needs is missing."
        )
        var seen: [String] = []
        for slot in slots {
            run.close(slot)
            let words = Interpretation(run.reading)
            #expect(all.contains(words))
            #expect(words == Interpretation(run.reading))
            if seen.last != words.state.name { seen.append(words.state.name) }
        }
        #expect(seen.first == "warming up" && seen.count > 2)
        #expect(Interpretation(run.reading, isStale: true).state == .undefined(.stale))
        #expect(Interpretation(run.reading, isStale: true).confidence == "There is no reading to trust.")
    }

    @Test("The same input gives the same words as ever")
    func golden() {
        let lines = PairState.all.map { "\($0.name) | \($0.meaning) | \($0.watch)" }
        #expect(lines.joined(separator: "\n") == GoldenWords.states)
        let trust = Interpretation.Trust.all.map {
            Interpretation(state: .signals([]), trust: $0).confidence
        }
        #expect(trust.joined(separator: "\n") == GoldenWords.confidence)
    }

    @Test(
        "A hedge ratio that makes no spread is pointed out",
        arguments: [
            (0.8, PriceScale.log, false), (-0.8, .log, true), (25, .log, true), (0.04, .log, true), (25, .level, false),
            (0.04, .level, false), (-0.8, .level, true),
        ]
    )
    func unusualHedgeRatio(slope: Double, price: PriceScale, isUnusual: Bool) throws {
        var generator = SeededRandom(seed: 5)
        var replay = PairReplay(timeframe: try .sample("1s"), window: 60, price: price)
        for (bar, slot) in MarketSlot.random(80, using: &generator).enumerated() {
            let x = try log(#require(slot.x.price))
            replay.append((x: x, y: slope * (x + 3e-4 * sin(Double(bar))), isCarried: false))
        }
        let words = Interpretation(replay.reading)
        #expect(replay.reading.hasUnusualHedgeRatio == isUnusual)
        #expect(words.hasUnusualHedgeRatio == isUnusual)
        #expect(words.confidence.contains("no spread in the usual sense") == isUnusual)
        #expect(Set(Interpretation.all).contains(words))
    }
}

import PairEngine

/// The levels of confidence.
package enum ConfidenceLevel: String, Sendable, CaseIterable {
    /// Below 0.5: with perfect data, evidence below its threshold.
    case low
    /// From 0.5 to below 0.8.
    case moderate
    /// 0.8 and more: with perfect data, evidence of at least four times its threshold.
    case high

    /// The level of a confidence between 0 and 1.
    package init(_ value: Double) {
        self = value >= 0.8 ? .high : value >= 0.5 ? .moderate : .low
    }
}

// How far a reading can be trusted.
extension WordTable {
    /// How much, and what limits it most.
    static let level = WordPart(
        name: "level of confidence",
        conditions: [
            .init(
                "no confidence, too few bars for a test",
                "There is no confidence, because the window has too few bars in a row for a cointegration test."
            ) { $0.confidence == nil && $0.testReason == .tooFew },
            .init(
                "no confidence, no stretch for a test",
                "There is no confidence, because gaps leave too few bars in a row for a cointegration test."
            ) { $0.confidence == nil && ($0.testReason == .gap || $0.testReason == .stale) },
            .init(
                "no confidence, no test",
                "There is no confidence, because no cointegration test counts at present."
            ) { $0.confidence == nil },
        ]
            + ConfidenceLevel.allCases.flatMap { level in
                ReadingFacts.Limit.allCases.compactMap { limit in
                    // Three shares of at least 0.9 do not give a low confidence.
                    if level == .low, limit == .nothing { return nil }
                    return condition(level, limit)
                }
            }
    )

    private static func condition(_ level: ConfidenceLevel, _ limit: ReadingFacts.Limit) -> WordCondition {
        let reason =
            switch limit {
            case .evidence: "; the evidence limits it most"
            case .oldPrices: "; bars that repeat old prices limit it most"
            case .missingBars: "; missing bars limit it most"
            case .nothing: ""
            }
        return WordCondition("\(level.rawValue), limited by \(limit)", "Confidence is \(level.rawValue)\(reason).") {
            $0.confidence.map { ConfidenceLevel($0) == level } ?? false && $0.limit == limit
        }
    }

    /// Where the latest test, the evidence and the proof differ.
    static let tests = WordPart(
        name: "latest test",
        conditions: [
            .init("no test counts") { $0.evidence == nil },
            .init(
                "proven before a signalled break",
                "The evidence may come from bars before the signalled break."
            ) { $0.isBreakSignalled && $0.isProven },
            .init("no latest test", "The latest test has no result.") { $0.calibratedPValue == nil },
            .init(
                "proven by hysteresis, latest test finds none",
                "The latest test finds no cointegration; the proof holds, although evidence is below its threshold."
            ) { $0.isProven && !$0.isEvidenceBeyondThreshold && $0.latestTestFindsNone },
            .init(
                "proven by hysteresis",
                "The evidence is below its threshold, but not low enough for the proof to end."
            ) { $0.isProven && !$0.isEvidenceBeyondThreshold },
            .init(
                "proven, latest test finds none",
                "The latest test alone finds no cointegration; repeated tests still prove it."
            ) { $0.isProven && $0.latestTestFindsNone },
            .init(
                "enough evidence, not proven",
                "The evidence is beyond its threshold, but cointegration does not count as proven."
            ) { !$0.isProven && $0.isEvidenceBeyondThreshold },
            .init(
                "not proven, latest test finds",
                "The latest test alone finds cointegration; repeated tests do not prove it."
            ) { !$0.isProven && $0.latestTestFinds },
            .otherwise("no difference"),
        ]
    )

    /// Whether a leg reverts by itself.
    static let leg = WordPart(
        name: "unit root of the legs",
        conditions: [
            .init("a leg reverts", "A leg reverts by itself in its latest test.") { $0.isLegReverting },
            .otherwise("no leg reverts"),
        ]
    )

    /// Whether the hedge ratio makes a spread in the usual sense.
    static let hedgeRatio = WordPart(
        name: "hedge ratio",
        conditions: [
            .init("unusual hedge ratio", "The hedge ratio is negative or extreme.") { $0.hasUnusualHedgeRatio },
            .otherwise("usual hedge ratio"),
        ]
    )
}

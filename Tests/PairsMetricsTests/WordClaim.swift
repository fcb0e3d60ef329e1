import PairEngine

@testable import PairsMetrics

/// The claim of a phrase about the numbers: written from the meaning of the phrase, not from the code that composes it.
struct WordClaim: Sendable {
    enum Label: CaseIterable, Sendable {
        case state, meaning, confidence, watch

        func text(of words: Interpretation) -> String {
            switch self {
            case .state: words.state.name
            case .meaning: words.meaning
            case .confidence: words.confidence
            case .watch: words.watch
            }
        }
    }

    typealias Predicate = @Sendable (ReadingFacts) -> Bool

    let label: Label
    let phrase: String
    /// Must hold where a text contains the phrase.
    let mayBeSaid: Predicate
    /// Where it holds, the text must contain the phrase.
    let mustBeSaid: Predicate

    /// A phrase that is used exactly where its claim holds, except for facts with a more important sentence.
    init(_ label: Label, _ phrase: String, unless other: Predicate? = nil, _ claim: @escaping Predicate) {
        self.label = label
        self.phrase = phrase
        mayBeSaid = claim
        mustBeSaid = { claim($0) && other?($0) != true }
    }

    /// A phrase that may be used under a wider claim than that under which it must be used.
    init(_ label: Label, _ phrase: String, may: @escaping Predicate, must: @escaping Predicate) {
        self.label = label
        self.phrase = phrase
        mayBeSaid = may
        mustBeSaid = must
    }

    /// What is wrong with a text of the label, nil when nothing is.
    func fault(in text: String, _ facts: ReadingFacts) -> String? {
        fault(in: text, isSaid: text.contains(phrase), facts)
    }

    func fault(in text: String, isSaid: Bool, _ facts: ReadingFacts) -> String? {
        if isSaid, !mayBeSaid(facts) { return "\(label) says “\(phrase)”, which is not so: \(text)" }
        if !isSaid, mustBeSaid(facts) { return "\(label) does not say “\(phrase)”: \(text)" }
        return nil
    }

    static let all = (readings + trust + next).map(ofReading) + absences

    /// A claim of the tables below, of facts with a reading.
    private static func ofReading(_ claim: WordClaim) -> WordClaim {
        WordClaim(
            claim.label,
            claim.phrase,
            may: { $0.absence == nil && claim.mayBeSaid($0) },
            must: { $0.absence == nil && claim.mustBeSaid($0) }
        )
    }

    private static let readings: [WordClaim] = [
        .init(.state, "stretched") { holds($0, 1) && !isBelow(z($0), $0.thresholds.zScoreExit) },
        .init(.state, "decoupled") { holds($0, 2) && !isRecovered($0) },
        .init(.state, "turbulent") { holds($0, 4) && !isBelow($0.volatilityRatio, $0.thresholds.volatilitySpikeExit) },
        .init(.state, "at risk") { holds($0, 8) },
        .init(.state, "calm") {
            $0.activeSignals.isEmpty && isBelow(z($0), $0.thresholds.zScoreEntry)
                && !isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeRatio)
        },
        .init(
            .state,
            "pending",
            may: {
                (isFar($0) && !holds($0, 1))
                    || (isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeRatio) && !holds($0, 4))
            },
            must: { $0.activeSignals.isEmpty && isFar($0) }
        ),
        .init(.state, "recovering", may: { !$0.activeSignals.isEmpty && !isFar($0) }, must: { _ in false }),
        .init(
            .state,
            "no last value",
            may: { $0.forecastZScore == nil && $0.activeSignals.isEmpty },
            must: { $0.forecastZScore == nil && $0.activeSignals.isEmpty && $0.volatilityRatio == nil }
        ),

        .init(.meaning, "is beyond its entry level") { isFar($0) },
        .init(.meaning, "far from its line") { isFar($0) && holds($0, 1) },
        .init(.meaning, "but not yet for enough fresh bars in a row.") { isFar($0) && !holds($0, 1) },
        .init(.meaning, "is between its") { isBetween($0) },
        .init(.meaning, "its signal holds until z stays within") { isBetween($0) && holds($0, 1) },
        .init(.meaning, "is within its exit level") { isBelow(z($0), $0.thresholds.zScoreExit) },
        .init(.meaning, "close to its line") { isBelow(z($0), $0.thresholds.zScoreExit) && !holds($0, 1) },
        .init(.meaning, "to end its signal") { isBelow(z($0), $0.thresholds.zScoreExit) && holds($0, 1) },
        .init(.meaning, "The last bar has no forecast z") { $0.forecastZScore == nil },
        .init(.meaning, "the signal of earlier bars still holds") { $0.forecastZScore == nil && holds($0, 1) },

        .init(.meaning, "broke down and has not recovered") { holds($0, 2) && !isRecovered($0) },
        .init(.meaning, "move together strongly", unless: isBroken) { isFrom($0.returnCorrelation, 0.5) },
        .init(.meaning, "move together weakly", unless: isBroken) {
            isFrom($0.returnCorrelation, 0.2) && isBelow($0.returnCorrelation, 0.5)
        },
        .init(.meaning, "hardly move together", unless: isBroken) { isBelow($0.returnCorrelation.map(abs), 0.2) },
        .init(.meaning, "opposite directions", unless: isBroken) { isFrom($0.returnCorrelation.map { -$0 }, 0.2) },
        .init(.meaning, "returns has no value", unless: isBroken) { $0.returnCorrelation == nil },
        .init(
            .meaning,
            "wider than usual",
            may: { isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeExit) },
            must: {
                isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeRatio)
                    || (holds($0, 4) && isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeExit))
            }
        ),

        .init(.meaning, "Repeated tests prove", unless: isAtRisk) { $0.isProven },
        .init(.meaning, "do not prove", unless: isAtRisk) { !$0.isProven && $0.evidence != nil },
        .init(.meaning, "No cointegration test counts", unless: isAtRisk) { $0.evidence == nil },
        .init(.meaning, "a break is signalled") { holds($0, 8) },
    ]

    private static let trust: [WordClaim] = [
        .init(.confidence, "Confidence is high") { isFrom($0.confidence, 0.8) },
        .init(.confidence, "Confidence is moderate") { isFrom($0.confidence, 0.5) && isBelow($0.confidence, 0.8) },
        .init(.confidence, "Confidence is low") { isBelow($0.confidence, 0.5) },
        .init(.confidence, "There is no confidence") { $0.confidence == nil },
        .init(.confidence, "has too few bars in a row for a") { $0.evidence == nil && $0.testReason == .tooFew },
        .init(.confidence, "gaps leave too few bars") {
            $0.evidence == nil && [.gap, .stale].contains($0.testReason)
        },
        .init(.confidence, "because no cointegration test counts") {
            $0.evidence == nil && ![.gap, .stale, .tooFew].contains($0.testReason)
        },
        .init(.confidence, "the evidence limits it most") {
            evidenceShare($0) < 0.9 && evidenceShare($0) <= min($0.freshness, $0.completeness) && $0.evidence != nil
        },
        .init(.confidence, "bars that repeat old prices") {
            $0.evidence != nil && $0.freshness < 0.9 && $0.freshness < evidenceShare($0)
                && $0.freshness <= $0.completeness
        },
        .init(.confidence, "missing bars limit") {
            $0.evidence != nil && $0.completeness < 0.9 && $0.completeness < min(evidenceShare($0), $0.freshness)
        },

        .init(
            .confidence,
            "The latest test alone finds cointegration",
            unless: { isFrom($0.evidence, $0.evidenceThreshold) }
        ) { !$0.isProven && isBelow($0.calibratedPValue, $0.thresholds.pValueExit) && $0.evidence != nil },
        .init(.confidence, "finds no cointegration", unless: isAtRisk) {
            $0.isProven && isFrom($0.calibratedPValue, $0.thresholds.pValue)
        },
        .init(.confidence, "The latest test has no result", unless: { isAtRisk($0) && $0.isProven }) {
            $0.calibratedPValue == nil && $0.evidence != nil
        },
        .init(
            .confidence,
            "The latest test alone finds no cointegration; repeated tests still prove it",
            unless: isAtRisk
        ) {
            $0.isProven && isFrom($0.calibratedPValue, $0.thresholds.pValue)
                && isFrom($0.evidence, $0.evidenceThreshold)
        },
        .init(
            .confidence,
            "evidence is below its threshold",
            unless: { isAtRisk($0) || $0.calibratedPValue == nil }
        ) { $0.isProven && isBelow($0.evidence, $0.evidenceThreshold) },
        .init(.confidence, "evidence is beyond its threshold", unless: { $0.calibratedPValue == nil }) {
            !$0.isProven && isFrom($0.evidence, $0.evidenceThreshold)
        },
        .init(.confidence, "before the signalled break") { holds($0, 8) && $0.isProven },
        .init(.confidence, "reverts by itself") { $0.isLegReverting },
        .init(.confidence, "negative or extreme") { $0.hasUnusualHedgeRatio },
    ]

    private static let next: [WordClaim] = [
        .init(.watch, "bars after the break") { holds($0, 8) },
        .init(.watch, "whether the next bar has a forecast z", unless: isAtRisk) { $0.forecastZScore == nil },
        .init(.watch, "stays beyond its entry level for enough bars", unless: isAtRisk) {
            isFar($0) && !holds($0, 1)
        },
        .init(.watch, "stays within its exit level until its signal ends", unless: isAtRisk) {
            isBelow(z($0), $0.thresholds.zScoreExit) && holds($0, 1)
        },
        .init(.watch, "without proof of cointegration", unless: isAtRisk) {
            holds($0, 1) && isFrom(z($0), $0.thresholds.zScoreExit) && !$0.isProven
        },
        .init(.watch, "halves in one half-life", unless: isAtRisk) { isProvenAndOut($0) && $0.halfLifeReason == nil },
        .init(.watch, "reverted faster than one bar", unless: isAtRisk) {
            isProvenAndOut($0) && $0.halfLifeReason == .fasterThanBar
        },
        .init(.watch, "shows no sure half-life", unless: isAtRisk) {
            isProvenAndOut($0) && $0.halfLifeReason == .notReverting
        },
        .init(.watch, "the half-life is not known", unless: isAtRisk) {
            isProvenAndOut($0) && ![nil, .fasterThanBar, .notReverting].contains($0.halfLifeReason)
        },
        .init(.watch, "window with more bars", unless: isBusy) { $0.evidence == nil && $0.testReason == .tooFew },
        .init(.watch, "the next cointegration test", unless: isBusy) {
            $0.evidence == nil && $0.testReason != .tooFew
        },
        .init(.watch, "find cointegration again", unless: isBusy) {
            $0.isProven && isFrom($0.calibratedPValue, $0.thresholds.pValue)
        },
        .init(.watch, "repeated tests still prove", unless: isBusy) {
            $0.isProven && !isFrom($0.calibratedPValue, $0.thresholds.pValue)
        },
        .init(.watch, "the next tests also find", unless: isBusy) {
            $0.evidence != nil && !$0.isProven && isBelow($0.calibratedPValue, $0.thresholds.pValueExit)
        },
        .init(.watch, "the evidence for cointegration grows", unless: isBusy) {
            $0.evidence != nil && !$0.isProven && !isBelow($0.calibratedPValue, $0.thresholds.pValueExit)
        },
        .init(.watch, "the correlation stays recovered") { holds($0, 2) && isRecovered($0) },
        .init(.watch, "the correlation recovers") { holds($0, 2) && !isRecovered($0) },
        .init(.watch, "the low recent correlation") {
            !holds($0, 2) && isFrom($0.returnCorrelation.map(abs), $0.thresholds.correlationFloor)
                && isBelow(aligned($0), $0.thresholds.correlationFloor)
        },
        .init(.watch, "the changes stay usual") {
            holds($0, 4) && isBelow($0.volatilityRatio, $0.thresholds.volatilitySpikeExit)
        },
        .init(.watch, "the changes become narrower") {
            holds($0, 4) && !isBelow($0.volatilityRatio, $0.thresholds.volatilitySpikeExit)
        },
        .init(.watch, "the changes stay wide for enough bars") {
            !holds($0, 4) && isFrom($0.volatilityRatio, $0.thresholds.volatilitySpikeRatio)
        },
    ]

    /// Why there is no reading, and the part of each label that states it.
    private static let absences: [WordClaim] =
        [
            .init(.confidence, "There is no reading to trust") { $0.absence != nil },
            .init(.state, "warming up") { $0.absence == .warmingUp },
            .init(.watch, "the fill ratio") { [.warmingUp, .tooFew].contains($0.absence) },
            .init(.meaning, "too few bars have a value") { $0.absence == .tooFew },
            .init(.state, "stale") { $0.absence == .stale },
            .init(.meaning, "A leg has been silent") { $0.absence == .stale },
            .init(.watch, "the stream of each leg") { $0.absence == .stale },
            .init(.state, "flat leg") { $0.absence == .flatLeg },
            .init(.meaning, "has hardly moved") { $0.absence == .flatLeg },
            .init(.watch, "the leg trades at all") { $0.absence == .flatLeg },
            .init(.state, "legs move as one") { $0.absence == .collinear },
            .init(.meaning, "legs move as one") { $0.absence == .collinear },
            .init(.watch, "quoted from the other") { $0.absence == .collinear },
            .init(.state, "bars lost") { $0.absence == .gap },
            .init(.meaning, "trades are known to be missing") { $0.absence == .gap },
            .init(.watch, "unrepaired trades") { $0.absence == .gap },
        ]
        + Shortfall.allCases.map { shortfall in
            .init(.meaning, "yet: \(shortfall.rawValue) of what") {
                $0.absence == .warmingUp && $0.shortfall == shortfall
            }
        }

    /// |z|.
    private static func z(_ facts: ReadingFacts) -> Double? { facts.forecastZScore.map(abs) }

    private static func isFrom(_ value: Double?, _ level: Double) -> Bool { value.map { $0 >= level } ?? false }
    private static func isBelow(_ value: Double?, _ level: Double) -> Bool { value.map { $0 < level } ?? false }

    private static func isFar(_ facts: ReadingFacts) -> Bool { isFrom(z(facts), facts.thresholds.zScoreEntry) }

    private static func isBetween(_ facts: ReadingFacts) -> Bool {
        isFrom(z(facts), facts.thresholds.zScoreExit) && isBelow(z(facts), facts.thresholds.zScoreEntry)
    }

    private static func holds(_ facts: ReadingFacts, _ bit: UInt8) -> Bool { facts.activeSignals.rawValue & bit != 0 }

    /// Whether a proven pair's z-score signal holds and z is not back within its exit level.
    private static func isProvenAndOut(_ facts: ReadingFacts) -> Bool {
        holds(facts, 1) && isFrom(z(facts), facts.thresholds.zScoreExit) && facts.isProven
    }

    /// The recent correlation along the sign of the window's.
    private static func aligned(_ facts: ReadingFacts) -> Double? {
        guard let recent = facts.recentCorrelation else { return nil }
        return isBelow(facts.returnCorrelation, 0) ? -recent : recent
    }

    private static func isRecovered(_ facts: ReadingFacts) -> Bool {
        aligned(facts).map { $0 > facts.thresholds.correlationFloorExit } ?? false
    }

    @Sendable private static func isBroken(_ facts: ReadingFacts) -> Bool { holds(facts, 2) && !isRecovered(facts) }
    @Sendable private static func isAtRisk(_ facts: ReadingFacts) -> Bool { holds(facts, 8) }

    /// Whether the sentence about what to watch concerns the z-score or a break.
    @Sendable private static func isBusy(_ facts: ReadingFacts) -> Bool {
        isAtRisk(facts) || facts.forecastZScore == nil || holds(facts, 1) || isFar(facts)
    }

    private static func evidenceShare(_ facts: ReadingFacts) -> Double {
        facts.evidence.map { $0 / ($0 + facts.evidenceThreshold) } ?? 1
    }
}

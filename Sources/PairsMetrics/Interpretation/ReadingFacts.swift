import PairEngine
import PairStatistics

/// The numbers and states of one snapshot of a reading that determine its sentences; nothing else does.
struct ReadingFacts: Sendable, Hashable {
    /// Levels at which signals begin and end, and p-values at which a test finds cointegration or none.
    var thresholds: SignalThresholds
    /// Why there is no reading to describe, nil when there is one.
    var absence: UndefinedReason?
    /// How much of the data is missing while the window fills.
    var shortfall = Shortfall.little
    /// The last bar against the fit that ended one bar earlier.
    var forecastZScore: Double?
    /// The signals that hold.
    var activeSignals: SignalSet = []
    /// Correlation of one-bar returns over the window.
    var returnCorrelation: Double?
    /// The same over the recent returns alone, with its own sign.
    var recentCorrelation: Double?
    /// Width of the spread's changes in the recent bars, divided by the window's.
    var volatilityRatio: Double?
    /// Evidence against "no cointegration", nil before the first test that counts.
    var evidence: Double?
    /// The evidence from which on cointegration is proven.
    var evidenceThreshold: Double
    /// Whether cointegration counts as proven.
    var isProven = false
    /// The p-value of the latest test, nil without a result.
    var calibratedPValue: Double?
    /// Why the latest test has no result.
    var testReason: UndefinedReason?
    /// Whether the latest test of a leg rejects its unit root at 1 %.
    var isLegReverting = false
    /// Why the half-life has no value, nil when it has one.
    var halfLifeReason: UndefinedReason? = .warmingUp
    /// Share of bars with a fresh price of both legs.
    var freshness = 1.0
    /// Share of the window that has a value.
    var completeness = 1.0
    /// Quality × E / (E + threshold), nil before the first test that counts.
    var confidence: Double?
    /// Whether the hedge ratio is negative or extreme.
    var hasUnusualHedgeRatio = false

    /// Facts before the first reading.
    init(thresholds: SignalThresholds, evidenceThreshold: Double = CointegrationEvidence.threshold) {
        self.thresholds = thresholds
        self.evidenceThreshold = evidenceThreshold
    }

    /// The facts of a reading.
    /// - Parameters:
    ///   - thresholds: those of its pair.
    ///   - isStale: whether its last bar is too old to count as current.
    init(_ reading: PairReading, thresholds: SignalThresholds, isStale: Bool) {
        self.init(thresholds: thresholds)
        // A fit whose residual is rounding noise has no spread to describe.
        let isCollinear = reading.zScore.reason == .collinear
        absence = isStale ? .stale : reading.fit.reason ?? (isCollinear ? .collinear : nil)
        shortfall = Shortfall(missing: reading.missingObservations, of: reading.neededObservations)
        forecastZScore = reading.forecastZScore.value
        activeSignals = reading.activeSignals
        returnCorrelation = reading.returnCorrelation.value
        recentCorrelation = reading.recentCorrelation
        volatilityRatio = reading.volatilityRatio.value
        evidence = reading.evidence
        isProven = reading.isProven
        let tests = reading.tests.value
        calibratedPValue = tests?.calibratedPValue
        testReason = reading.tests.reason ?? tests?.cointegration.reason
        isLegReverting = [tests?.unitRootY, tests?.unitRootX].contains { leg in
            leg?.value.map { $0.pValue < 0.01 } ?? false
        }
        halfLifeReason = reading.tests.flatMap(\.halfLife).reason
        freshness = reading.freshRatio ?? 1
        completeness = min(1, reading.fillRatio)
        confidence = reading.confidence
        hasUnusualHedgeRatio = reading.hasUnusualHedgeRatio
    }
}

// The parts of the conditions of ``WordTable``. A level is passed exactly where a signal counts it as passed.
extension ReadingFacts {
    /// Return correlation from which on the legs move together strongly (large after Cohen 1988).
    static let strongCorrelation = 0.5
    /// Size of the return correlation below which the legs hardly move together.
    static let hardlyCorrelation = 0.2

    /// The position of z.
    enum Distance { case unknown, withinExit, between, beyondEntry }

    var distance: Distance {
        guard let size = forecastZScore.map(abs) else { return .unknown }
        return size >= thresholds.zScoreEntry ? .beyondEntry : size < thresholds.zScoreExit ? .withinExit : .between
    }

    var isStretched: Bool { activeSignals.contains(.zScoreExtreme) }
    var isDecoupled: Bool { activeSignals.contains(.correlationBreakdown) }
    var isTurbulent: Bool { activeSignals.contains(.volatilitySpike) }
    var isBreakSignalled: Bool { activeSignals.contains(.stationarityRisk) }

    /// The recent correlation, positive where it has the sign of the window's.
    private var alignedRecentCorrelation: Double? {
        recentCorrelation.map { (returnCorrelation ?? 0) < 0 ? -$0 : $0 }
    }

    /// Whether the recent correlation is beyond the level at which a breakdown ends.
    var hasCorrelationRecovered: Bool {
        alignedRecentCorrelation.map { $0 > thresholds.correlationFloorExit } ?? false
    }

    /// Whether the recent correlation is below the level at which a breakdown may begin, and the window's is not.
    var hasCorrelationFallen: Bool {
        guard let recent = alignedRecentCorrelation, let usual = returnCorrelation else { return false }
        return recent < thresholds.correlationFloor && abs(usual) >= thresholds.correlationFloor
    }

    /// Whether the changes are wide enough for a spike to begin.
    var areChangesBeyondSpike: Bool { volatilityRatio.map { $0 >= thresholds.volatilitySpikeRatio } ?? false }

    /// Whether the changes are narrow enough for a spike to end.
    var areChangesUsual: Bool { volatilityRatio.map { $0 < thresholds.volatilitySpikeExit } ?? false }

    /// Whether the changes are wide: beyond the level of a spike, or beyond its end while its signal holds.
    var areChangesWide: Bool { areChangesBeyondSpike || (isTurbulent && volatilityRatio != nil && !areChangesUsual) }

    /// Whether the latest test alone finds cointegration.
    var latestTestFinds: Bool { calibratedPValue.map { $0 < thresholds.pValueExit } ?? false }

    /// Whether the latest test alone finds none.
    var latestTestFindsNone: Bool { calibratedPValue.map { $0 >= thresholds.pValue } ?? false }

    /// Whether the evidence lies beyond its threshold.
    var isEvidenceBeyondThreshold: Bool { evidence.map { $0 >= evidenceThreshold } ?? false }

    /// What makes ``confidence`` smallest.
    enum Limit: CaseIterable { case evidence, oldPrices, missingBars, nothing }

    var limit: Limit {
        let share = evidence.map { $0 / ($0 + evidenceThreshold) } ?? 0
        let least = min(share, freshness, completeness)
        if least >= 0.9 { return .nothing }
        return share == least ? .evidence : freshness == least ? .oldPrices : .missingBars
    }
}

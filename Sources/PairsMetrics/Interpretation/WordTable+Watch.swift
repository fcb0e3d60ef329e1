import PairEngine

// What a researcher might watch next.
extension WordTable {
    /// What to watch next of the spread and its tests.
    static let next = WordPart(
        name: "spread and tests",
        conditions: [
            .init("break signalled", "Watch whether tests of bars after the break prove cointegration again.") {
                $0.isBreakSignalled
            },
            .init("z unknown", "Watch whether the next bar has a forecast z.") { $0.distance == .unknown },
            .init(
                "z beyond entry, dwell not over",
                "Watch whether z stays beyond its entry level for enough bars to count."
            ) { $0.distance == .beyondEntry && !$0.isStretched },
            .init("z within exit, signal holds", "Watch whether z stays within its exit level until its signal ends.") {
                $0.distance == .withinExit && $0.isStretched
            },
            .init("stretched, not proven", "Watch whether z comes back; without proof of cointegration it may not.") {
                $0.isStretched && !$0.isProven
            },
            .init("stretched, half-life known", "Watch whether the distance from the line halves in one half-life.") {
                $0.isStretched && $0.halfLifeReason == nil
            },
            .init(
                "stretched, half-life below a bar",
                "Watch whether z comes back; the spread has reverted faster than one bar."
            ) { $0.isStretched && $0.halfLifeReason == .fasterThanBar },
            .init("stretched, no half-life", "Watch whether z comes back; the spread shows no sure half-life.") {
                $0.isStretched && $0.halfLifeReason == .notReverting
            },
            .init("stretched, half-life unknown", "Watch whether z comes back; the half-life is not known.") {
                $0.isStretched
            },
            .init("too few bars for a test", "Watch the tests of a window with more bars.") {
                $0.evidence == nil && $0.testReason == .tooFew
            },
            .init("no test counts", "Watch for the next cointegration test that counts.") { $0.evidence == nil },
            .init("proven, latest test finds none", "Watch whether the next tests find cointegration again.") {
                $0.isProven && $0.latestTestFindsNone
            },
            .init("proven", "Watch whether repeated tests still prove cointegration.") {
                $0.isProven
            },
            .init("not proven, latest test finds", "Watch whether the next tests also find cointegration.") {
                $0.latestTestFinds
            },
            .otherwise("not proven", "Watch whether the evidence for cointegration grows."),
        ]
    )

    /// What to watch next of the correlation of returns.
    static let nextCorrelation = WordPart(
        name: "correlation of returns",
        conditions: [
            .init(
                "breakdown signalled, recovered",
                "Watch whether the correlation stays recovered until its signal ends."
            ) { $0.isDecoupled && $0.hasCorrelationRecovered },
            .init("breakdown signalled", "Watch whether the correlation recovers, and which leg moves alone.") {
                $0.isDecoupled
            },
            .init(
                "recent correlation below its floor",
                "Watch whether the low recent correlation becomes a signalled breakdown."
            ) { $0.hasCorrelationFallen },
            .otherwise("correlation as usual"),
        ]
    )

    /// What to watch next of the width of the spread's changes.
    static let nextChanges = WordPart(
        name: "changes of the spread",
        conditions: [
            .init("spike signalled, changes usual", "Watch whether the changes stay usual until their signal ends.") {
                $0.isTurbulent && $0.areChangesUsual
            },
            .init("spike signalled", "Watch whether the changes become narrower.") { $0.isTurbulent },
            .init("wide changes, dwell not over", "Watch whether the changes stay wide for enough bars to count.") {
                $0.areChangesBeyondSpike
            },
            .otherwise("changes as usual"),
        ]
    )

    /// What to watch next where there is no reading.
    static let nextReading = WordPart(
        name: "no reading",
        conditions: [
            .init("stale", "Watch whether the feed and the stream of each leg are up.") { $0.absence == .stale },
            .init("flat leg", "Watch whether the leg trades at all, and look at bars of more time.") {
                $0.absence == .flatLeg
            },
            .init(
                "collinear",
                "Watch whether one leg is quoted from the other; such a pair has no spread to study."
            ) { $0.absence == .collinear },
            .init("gap", "Watch the count of unrepaired trades; the window is complete once lost bars have left it.") {
                $0.absence == .gap
            },
            .otherwise("too few bars", "Watch the fill ratio of the window grow with every closed bar."),
        ]
    )
}

import PairEngine

// What a reading means. z is the forecast z-score, of which the signal is made.
extension WordTable {
    /// The position of z, and what hysteresis or dwell delays.
    static let distance = WordPart(
        name: "distance from the line",
        conditions: [
            .init("z unknown, signal holds", "The last bar has no forecast z; the signal of earlier bars still holds.")
            {
                $0.distance == .unknown && $0.isStretched
            },
            .init("z unknown", "The last bar has no forecast z.") { $0.distance == .unknown },
            .init(
                "z beyond entry, signal holds",
                "The forecast z is beyond its entry level: the spread is far from its line."
            ) { $0.distance == .beyondEntry && $0.isStretched },
            .init(
                "z beyond entry, dwell not over",
                "The forecast z is beyond its entry level, but not yet for enough fresh bars in a row."
            ) { $0.distance == .beyondEntry },
            .init(
                "z between its levels, signal holds",
                "The forecast z is between its levels; its signal holds until z stays within its exit level."
            ) { $0.distance == .between && $0.isStretched },
            .init("z between its levels", "The forecast z is between its exit and entry levels.") {
                $0.distance == .between
            },
            .init(
                "z within exit, signal holds",
                "The forecast z is within its exit level, but not yet for enough bars to end its signal."
            ) { $0.isStretched },
            .otherwise("z within exit", "The forecast z is within its exit level: the spread is close to its line."),
        ]
    )

    /// Whether the legs' returns move together.
    static let correlation = WordPart(
        name: "correlation of returns",
        conditions: [
            .init(
                "breakdown signalled, not recovered",
                "The correlation of returns broke down and has not recovered."
            ) { $0.isDecoupled && !$0.hasCorrelationRecovered },
            .init("correlation unknown", "The correlation of returns has no value.") { $0.returnCorrelation == nil },
            .init("strong correlation", "Over the window the returns move together strongly.") {
                $0.returnCorrelation.map { $0 >= ReadingFacts.strongCorrelation } ?? false
            },
            .init("weak correlation", "Over the window the returns move together weakly.") {
                $0.returnCorrelation.map { $0 >= ReadingFacts.hardlyCorrelation } ?? false
            },
            .init("negative correlation", "Over the window the returns tend to move in opposite directions.") {
                $0.returnCorrelation.map { $0 <= -ReadingFacts.hardlyCorrelation } ?? false
            },
            .otherwise("hardly any correlation", "Over the window the returns hardly move together."),
        ]
    )

    /// How wide the spread's changes are.
    static let changes = WordPart(
        name: "changes of the spread",
        conditions: [
            .init("wide changes", "The spread's changes are wider than usual.") { $0.areChangesWide },
            .otherwise("no wide changes"),
        ]
    )

    /// The result of repeated tests.
    static let cointegration = WordPart(
        name: "cointegration",
        conditions: [
            .init("break signalled", "Cointegration was proven, but a break is signalled.") { $0.isBreakSignalled },
            .init("no test counts", "No cointegration test counts at present.") { $0.evidence == nil },
            .init("proven", "Repeated tests prove cointegration.") { $0.isProven },
            .otherwise("not proven", "Repeated tests do not prove cointegration."),
        ]
    )

    /// Why there is no reading.
    static let absence = WordPart(
        name: "no reading",
        conditions: Shortfall.allCases.map { shortfall in
            WordCondition(
                "window fills, \(shortfall.rawValue) missing",
                "Not enough data yet: \(shortfall.rawValue) of what a first reading needs is missing."
            ) { $0.absence == .warmingUp && $0.shortfall == shortfall }
        } + [
            .init("stale", "A leg has been silent beyond the time for which its last price is carried.") {
                $0.absence == .stale
            },
            .init("flat leg", "A leg has hardly moved in the window, so no line can be fitted to the pair.") {
                $0.absence == .flatLeg
            },
            .init("collinear", "The legs move as one, and what is left between them is rounding noise.") {
                $0.absence == .collinear
            },
            .init("gap", "Not enough data: trades are known to be missing from too many bars of the window.") {
                $0.absence == .gap
            },
            .otherwise("too few bars", "Not enough data yet: too few bars have a value on both legs."),
        ]
    )
}

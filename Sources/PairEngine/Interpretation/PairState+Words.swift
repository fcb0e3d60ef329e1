/// The reviewed sentences. They describe and never advise; they hold no numbers, so that they can be labels.
extension PairState {
    /// A word or two.
    public var name: String {
        switch self {
        case .filling: "warming up"
        case .undefined(let reason): Self.name(of: reason)
        case .signals(let signals):
            switch signals.rawValue {
            case 0: "calm"
            case 1: "stretched"
            case 2: "decoupled"
            case 3: "stretched and decoupled"
            case 4: "turbulent"
            case 5: "stretched and turbulent"
            case 6: "decoupled and turbulent"
            case 7: "stretched, decoupled and turbulent"
            case 8: "unproven"
            case 9: "stretched and unproven"
            case 10: "decoupled and unproven"
            case 11: "stretched, decoupled and unproven"
            case 12: "turbulent and unproven"
            case 13: "stretched, turbulent and unproven"
            case 14: "decoupled, turbulent and unproven"
            default: "broken"
            }
        }
    }

    /// What the state means, in a sentence.
    public var meaning: String {
        switch self {
        case .filling(let shortfall):
            "Not enough data yet: \(shortfall.rawValue) of what a first reading needs is missing."
        case .undefined(let reason): Self.meaning(of: reason)
        case .signals(let signals): Self.meaning(of: signals)
        }
    }

    /// What a researcher might watch next, in a sentence.
    public var watch: String {
        switch self {
        case .filling: "Watch the fill ratio of the window grow with every closed bar."
        case .undefined(let reason): Self.watch(after: reason)
        case .signals(let signals): Self.watch(after: signals)
        }
    }

    private static func name(of reason: UndefinedReason) -> String {
        switch reason {
        case .warmingUp, .tooFew: "too little data"
        case .flatLeg: "flat leg"
        case .collinear: "legs move as one"
        case .gap: "bars lost"
        case .stale: "stale"
        case .notReverting: "not reverting"
        }
    }

    private static func meaning(of reason: UndefinedReason) -> String {
        switch reason {
        case .warmingUp, .tooFew: "Not enough data yet: too few bars have a value on both legs."
        case .flatLeg: "A leg has hardly moved in the window, so no line can be fitted to the pair."
        case .collinear: "The legs move as one, and what is left between them is rounding noise."
        case .gap: "Not enough data: trades are known to be missing from too many bars of the window."
        case .stale: "A leg has been silent beyond the time for which its last price is carried."
        case .notReverting: "The spread shows no pull towards its mean."
        }
    }

    private static func watch(after reason: UndefinedReason) -> String {
        switch reason {
        case .warmingUp, .tooFew: "Watch the fill ratio of the window grow with every closed bar."
        case .flatLeg: "Watch whether the leg trades at all, and look at longer bars."
        case .collinear: "Watch whether one leg is quoted from the other; such a pair has no spread to study."
        case .gap: "Watch the count of unrepaired trades; the window heals as lost bars leave it."
        case .stale: "Watch whether the feed and the stream of each leg are up."
        case .notReverting: "Watch the tests and the half-life over a longer window."
        }
    }

    private static func meaning(of signals: SignalSet) -> String {
        switch signals.rawValue {
        case 0: "The spread stays within its usual range around the fitted line."
        case 1: "The spread is unusually far from its line, while the legs move together and swing as usual."
        case 2: "The legs have lately stopped moving together, though the spread is not unusually far from its line."
        case 3:
            "The spread is unusually far from its line and the legs have stopped moving together, which looks like a "
                + "changed relation rather than a stretched one."
        case 4: "The spread swings much wider than usual, but around its line."
        case 5:
            "The spread is far from its line while it swings much wider than usual, so the distance is less unusual "
                + "than its z-score says."
        case 6: "The legs have lately stopped moving together and the spread swings much wider than usual."
        case 7:
            "The spread is far from its line, swings much wider than usual, and the legs have stopped moving together: "
                + "the fitted line hardly describes the present."
        case 8: "The spread stays within its usual range, but test after test has found no pull back to a mean."
        case 9:
            "The spread is unusually far from its line, but test after test has found no pull back; unrelated random "
                + "walks often look like this."
        case 10: "The legs have lately stopped moving together, and test after test has found no common mean."
        case 11:
            "The spread is far from its line, the legs have stopped moving together, and test after test has found no "
                + "common mean."
        case 12: "The spread swings much wider than usual, and test after test has found no pull back to a mean."
        case 13:
            "The spread is far from its line and swings much wider than usual, and test after test has found no pull "
                + "back to a mean."
        case 14:
            "The legs have stopped moving together, the spread swings much wider than usual, and test after test has "
                + "found no common mean."
        default:
            "The spread is far from its line and swings much wider than usual, the legs have stopped moving together, "
                + "and test after test has found no common mean: nothing measured here ties them to each other."
        }
    }

    private static func watch(after signals: SignalSet) -> String {
        switch signals.rawValue {
        case 0: "Watch the forecast z-score, and whether cointegration tests keep passing."
        case 1: "Watch whether the spread comes back within its half-life, and whether the return correlation holds."
        case 2: "Watch whether the return correlation recovers before the spread begins to drift."
        case 3: "Watch the hedge ratio and the next cointegration tests, and whether one leg alone has moved."
        case 4: "Watch whether the swings calm down; until then every distance from the line counts for less."
        case 5: "Watch whether the swings calm down, and how far the spread is from its line once they have."
        case 6: "Watch which leg moves alone, and whether the return correlation recovers."
        case 7: "Watch which leg moves alone, and how the hedge ratio shifts as newer bars fill the window."
        case 8: "Watch the tests over longer windows, and the half-life beside the length of the window."
        case 9: "Watch the next cointegration tests, and the share of past extremes that reverted."
        case 10: "Watch the return correlation of longer bars, and whether later tests pass again."
        case 11: "Watch which leg moves alone, and whether tests over a longer window still pass."
        case 12: "Watch whether the swings calm down, and whether later tests pass again."
        case 13: "Watch whether the swings calm down, and the tests over longer windows."
        case 14: "Watch which leg moves alone, and the return correlation of longer bars."
        default: "Watch which leg moves alone, and whether a longer window still shows a relation."
        }
    }
}

import RealModule

/// Evidence against "no cointegration" from tests on overlapping windows: valid under repeated tests, with limited
/// memory.
///
/// The score is the mean probit of the tests of the last four windows (Stouffer et al. 1949; for cointegration tests of
/// a panel Choi 2001, "Unit root tests for panel data", J. International Money and Finance 20), over its standard
/// deviation under the null, which allows for the overlap of the windows and for tests that are missing. ``value`` is
/// the average run length of that score in windows (Page 1954; Lorden 1971, "Procedures for reacting to a change in
/// distribution"): two unrelated legs reach it once in about that number of windows. Run lengths are of Gaussian walks,
/// by simulation.
///
/// Probits are those of ``MutualCointegration/finiteSamplePValue``. Where volatility changes or prices bounce, that is
/// too small: at a test with an asymptotic p-value below 0.1, at most once in a window, a ``WildBootstrap`` is drawn,
/// and the probits of this test and of those in the two windows after it are read from its draws, at most until the
/// next. A bootstrap has 999 draws up to 500 bars and 499 above, seeded with the slot.
///
/// The state is a function of the tests alone and survives encoding to the last bit.
public struct CointegrationEvidence: Sendable, Equatable, Codable {
    /// What ``value`` must reach for a pair to be proven, in windows.
    public static let threshold = 3000.0
    /// The value of ``value`` below which a proven pair stops being proven.
    static let lowerThreshold = 50.0
    /// What ``value`` is at most.
    static let largestValue = 1e9

    /// Bars of a test.
    public let window: Int
    /// Bars between two tests.
    public let step: Int
    /// Slots of the tests that count, ascending, and minus their probits: positive means cointegration.
    private var slots: [Int64] = []
    private var probits: [Double] = []
    private var lastSlot = Int64.min
    /// The last bootstrap, and the line from probits of the table to those of its draws.
    private(set) var bootstrapSlot: Int64?
    private var line: [Double] = [0, 1]
    /// Slots of the last tests at which a leg rejected its unit root.
    private var rejectionsOfY: [Int64] = []
    private var rejectionsOfX: [Int64] = []
    private var isOverThreshold = false
    private var score = 0.0

    /// Starts without evidence.
    ///
    /// - Parameters:
    ///   - window: bars of a test.
    ///   - step: bars between two tests, at least a twentieth of the window.
    public init(window: Int, step: Int) {
        self.window = max(1, window)
        self.step = max(1, step)
    }

    /// Evidence as it was encoded.
    ///
    /// - Throws: `DecodingError` for what no evidence encodes to: a damaged store must not end the program.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        window = try values.decode(Int.self, forKey: .window)
        step = try values.decode(Int.self, forKey: .step)
        slots = try values.decode([Int64].self, forKey: .slots)
        probits = try values.decode([Double].self, forKey: .probits)
        lastSlot = try values.decode(Int64.self, forKey: .lastSlot)
        bootstrapSlot = try values.decodeIfPresent(Int64.self, forKey: .bootstrapSlot)
        line = try values.decode([Double].self, forKey: .line)
        rejectionsOfY = try values.decode([Int64].self, forKey: .rejectionsOfY)
        rejectionsOfX = try values.decode([Int64].self, forKey: .rejectionsOfX)
        isOverThreshold = try values.decode(Bool.self, forKey: .isOverThreshold)
        score = try values.decode(Double.self, forKey: .score)
        // So that a difference of two slots cannot overflow.
        let places = slots + rejectionsOfY + rejectionsOfX + (bootstrapSlot.map { [$0] } ?? [])
        let isSound = places.allSatisfy { abs($0 / 2) < 1 << 60 } && (lastSlot == .min || abs(lastSlot / 2) < 1 << 60)
        guard isSound, (1...Int(Int32.max)).contains(window), (1...Int(Int32.max)).contains(step), line.count == 2,
            slots.count == probits.count, zip(slots, slots.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw DecodingError.dataCorruptedError(forKey: .slots, in: values, debugDescription: "no evidence")
        }
    }

    /// Evidence against "no cointegration", 1 to 1e9: the number of windows in which two unrelated legs reach it once.
    /// 1 at or below the median of unrelated legs, and without a test.
    public var value: Double { min(Self.largestValue, Self.runLength(score)) }

    /// Whether the pair is proven: ``value`` has reached ``threshold`` and not fallen below ``lowerThreshold`` since,
    /// and ``isLegReverting`` is false.
    public var isProven: Bool { isOverThreshold && !isLegReverting }

    /// Tests in ``value``.
    public var testsCounted: Int { slots.count }

    /// Whether a leg reverts by itself: its unit root was rejected at 1 % by the last test and by the one a window
    /// earlier. Such a leg "is cointegrated" with anything.
    var isLegReverting: Bool {
        Self.isRepeated(rejectionsOfY, last: lastSlot, window, step)
            || Self.isRepeated(rejectionsOfX, last: lastSlot, window, step)
    }

    /// Counts a test. A slot that is not later than the last one is not counted again.
    ///
    /// - Parameters:
    ///   - test: the test of the window that ends with the slot.
    ///   - y: the window's prices of one leg as tested, oldest first.
    ///   - x: those of the other leg, of the same number.
    ///   - legPValues: p-values of each leg's unit root (ADF with a constant), nil where there is none.
    ///   - slot: the number of the window's last bar.
    /// - Returns: the calibrated p-value that counts.
    public mutating func record(
        _ test: MutualCointegration,
        y: [Double],
        x: [Double],
        legPValues: (y: Double?, x: Double?),
        slot: Int64
    ) -> Double {
        guard slot > lastSlot else { return test.finiteSamplePValue }
        let probit = calibratedProbit(test, y: y, x: x, slot: slot)
        lastSlot = slot
        if let p = legPValues.y, p < 0.01 { rejectionsOfY.append(slot) }
        if let p = legPValues.x, p < 0.01 { rejectionsOfX.append(slot) }
        slots.append(slot)
        probits.append(min(Self.largestProbit, max(-Self.largestProbit, -probit)))
        judge()
        return Normal.cumulative(probit)
    }

    /// Records that a test was due and could not run.
    /// - Parameter slot: the number of the bar.
    public mutating func skip(slot: Int64) {
        guard slot > lastSlot else { return }
        lastSlot = slot
        judge()
    }

    /// Probit of the p-value that counts.
    private mutating func calibratedProbit(
        _ test: MutualCointegration,
        y: [Double],
        x: [Double],
        slot: Int64
    ) -> Double {
        let table = test.finiteSampleProbit
        let isDue = bootstrapSlot.map { slot - $0 >= Int64(window) } ?? true
        if isDue, test.weaker.pValue < 0.1 {
            let draws = y.count > 500 ? 499 : 999
            if let bootstrap = try? WildBootstrap(y: y, x: x, draws: draws, seed: UInt64(bitPattern: slot)) {
                bootstrapSlot = slot
                line = [bootstrap.line[0], bootstrap.line[1]]
                return bootstrap.probit
            }
        }
        guard let bootstrapSlot, slot - bootstrapSlot <= Int64(2 * window),
            let statistic = WildBootstrap.statistic(y: y, x: x)
        else { return table }
        let null = CointegrationNull(count: test.observations, correlation: test.returnCorrelation)
        return line[0] + line[1] * null.probit(statistic)
    }

    /// Removes what is too old and computes the score again.
    private mutating func judge() {
        let oldest = lastSlot - Int64(Self.horizon * window)
        let forgotten = slots.prefix { $0 <= oldest }.count
        slots.removeFirst(forgotten)
        probits.removeFirst(forgotten)
        let earliest = lastSlot - Int64(window + step)
        rejectionsOfY.removeAll { $0 < earliest }
        rejectionsOfX.removeAll { $0 < earliest }
        score = Self.score(slots: slots, probits: probits, window: window)
        isOverThreshold = value >= (isOverThreshold ? Self.lowerThreshold : Self.threshold)
    }

    private static func isRepeated(_ rejections: [Int64], last: Int64, _ window: Int, _ step: Int) -> Bool {
        guard rejections.last == last else { return false }
        let before = last - Int64(window)
        return rejections.contains { $0 <= before }
    }
}

extension CointegrationEvidence {
    /// Windows whose tests count.
    private static let horizon = 4
    /// A single test counts as this much at most.
    private static let largestProbit = 3.0
    /// Autocorrelation of the probits of two tests 0, 0.05, 0.1 … windows apart: Gaussian walks, windows of 240.
    private static let autocorrelation = [
        1, 0.833, 0.672, 0.532, 0.418, 0.326, 0.253, 0.195, 0.150, 0.114, 0.084, 0.059, 0.037, 0.019, 0.005, 0,
    ]
    /// Logarithm of the average run length in windows to a score of 0, 0.5, 1 … 4, by simulation of
    /// 112,000 windows of Gaussian walks.
    private static let logarithmsOfRunLength = [0, 1.41, 2.18, 2.95, 3.76, 4.62, 5.60, 6.70, 7.90]

    /// Sum of the probits over its standard deviation under the null.
    private static func score(slots: [Int64], probits: [Double], window: Int) -> Double {
        var (total, variance) = (0.0, 0.0)
        for later in slots.indices {
            total += probits[later]
            variance += 1
            var earlier = later - 1
            while earlier >= 0 {
                let distance = Double(slots[later] - slots[earlier]) / Double(window) * 20
                let index = Int(min(distance, 1e6))
                guard index < autocorrelation.count - 1 else { break }
                let weight = distance - Double(index)
                variance += 2 * (autocorrelation[index] * (1 - weight) + autocorrelation[index + 1] * weight)
                earlier -= 1
            }
        }
        return variance > 0 ? total / variance.squareRoot() : 0
    }

    /// Average run length, straight in the logarithm between the knots and beyond them.
    private static func runLength(_ score: Double) -> Double {
        guard score > 0 else { return 1 }
        let knots = logarithmsOfRunLength
        let index = min(Int(2 * min(score, 100)), knots.count - 2)
        return Double.exp(knots[index] + (knots[index + 1] - knots[index]) * (2 * score - Double(index)))
    }
}

import RealModule

/// A sequential test of whether a cointegrated pair still reverts to its line. Null hypothesis: it does, as in the
/// window on which the monitor is armed.
///
/// The spread is modelled as a first-order autoregression about y = a + b·x. Line and pull come from the arming window;
/// each bar then gives the innovation of that model. Two of Page's CUSUMs (Page 1954) add up, one for each sign, the
/// log likelihood ratio of a mean of the innovations other than 0 against a mean of 0. A spread that has lost its pull
/// or its level is a distance e from the line and is not drawn back: the innovations then have the mean κ·e, where κ is
/// the pull. One that is far out and reverts has innovations about 0 on its way back.
///
/// - The line is estimated by generalized least squares (Cochrane and Orcutt 1949), weighted by the scale of each bar,
///   and is updated with every bar: a frozen line is wrong as soon as x leaves the window's range, and a line with a
///   short memory absorbs the break. The uncertainty of the line widens the innovation's scale.
/// - The scale follows the size of the changes, so that a volatility burst alone is no evidence. Likelihoods are
///   Huber's (Huber 1964), so that no single bar is.
/// - An innovation more than twice as large as any of the window gives the CUSUM of its sign a head start (Lucas and
///   Crosier 1982): it may be a shift of the level, which the following bars decide. A second one soon after cancels
///   it.
///
/// By simulation at most 5 % of healthy pairs with half-lives up to a thirtieth of the window alarm within
/// ``horizonWindows`` windows (normal, t(3) and GARCH innovations); then the pair is armed again. The state is of
/// constant size, a step takes constant time and allocates nothing.
///
/// ```swift
/// var monitor = try BreakMonitor(y: y, x: x, window: 240)
/// monitor.step(x: nextX, y: nextY)
/// if monitor.hasAlarmed { … }
/// ```
public struct BreakMonitor: Sendable, Equatable, Codable {
    /// Windows for which the false-alarm rate holds, and after which the caller arms again.
    public static let horizonWindows = 3

    /// Bars below which neither pull nor line can be estimated.
    static let minimumBars = 30
    /// Share of the estimated pull that the test assumes. Windows on which a pair is proven are favourable ones.
    private static let pullShare = 0.8
    /// Least pull assumed, times the window.
    private static let leastPull = 4.0
    /// The distance to detect, in standard deviations of the spread.
    private static let distance = 2.5
    /// Where Huber's likelihood becomes linear, in scales.
    private static let clip = 1.345
    /// Bars over which the error of the line adds up in an alarm.
    private static let lineErrorBars = 80.0
    /// How many times as large as any before a change must be for a head start, and how much of the threshold that is.
    private static let headStart = (ratio: 2.0, share: 0.65)
    /// Bars within which a second jump means volatility.
    private static let jumpPause = 30
    /// Threshold less the logarithm of the window. The alarms of a CUSUM under the null hypothesis are rare events
    /// whose rate falls with the exponential of the threshold.
    private static let thresholdOffset = 0.75

    /// Values are (value - origin) / unit inside, so that their scale does not matter.
    private let origin: SIMD2<Double>
    private let unit: SIMD2<Double>
    private let threshold: Double
    /// κ = 1 - φ of the autoregression as the test assumes it.
    private var pull = 0.0
    private var line = SpreadLine()
    private var scale = ChangeScale()
    /// Largest innovation of the window, in scales.
    private var largest = 3.0
    /// CUSUMs for a spread above and below the line.
    private var above = 0.0
    private var below = 0.0
    /// The last head start, negative for the CUSUM below the line, and the bars since it or the jump that cancelled it.
    private var jump = 0.0
    private var jumpAge = Self.jumpPause
    /// The bar before, nil after one without a value.
    private var previous: SIMD2<Double>?
    /// Whether the alarm has been raised; later bars do not end it.
    public private(set) var hasAlarmed = false

    /// Arms on a window on which the pair is cointegrated.
    ///
    /// - Parameters:
    ///   - y: values of the dependent leg (log prices, say), oldest first; the last one is of the present bar.
    ///   - x: values of the other leg, of the same number.
    ///   - window: bars of the window of which the values are all, or the longest stretch without a gap: what the
    ///     horizon of the false-alarm rate counts in.
    /// - Throws: `tooFew` below 30 values, when lengths differ or a value is not finite, `flatLeg` when a leg hardly
    ///   moves, `collinear` when R² ≥ 1 - 1.5e-6, `constant` when the spread does not change from bar to bar.
    public init(y: [Double], x: [Double], window: Int) throws(UndefinedStatistic) {
        guard y.count == x.count, y.count >= Self.minimumBars, Finiteness.holds(y), Finiteness.holds(x) else {
            throw .tooFew
        }
        let fit = try LinearFit(PairMoments(x: x, y: y))
        guard !fit.isCollinear else { throw .collinear }
        origin = SIMD2(fit.meanX, fit.meanY)
        unit = SIMD2((fit.sumXX / Double(y.count)).squareRoot(), fit.residualStandardDeviation)
        threshold = Self.thresholdOffset + .log(Double(max(window, y.count)))
        line.slope = fit.slope * unit.x / unit.y
        var points: [SIMD2<Double>] = []
        points.reserveCapacity(y.count)
        for index in y.indices { points.append((SIMD2(x[index], y[index]) - origin) / unit) }
        // Pull and line depend on each other; the second round starts from the line that the first pull gives.
        for _ in 0..<2 {
            try estimatePull(points)
            try estimateLine(points)
        }
        previous = points.last
    }

    /// The larger CUSUM over its threshold: 0 without any sign of a break, 1 at the alarm.
    public var level: Double { max(above, below) / threshold }

    /// Adds the values of the next closed bar. One that is not finite makes it a bar without a value.
    public mutating func step(x: Double, y: Double) {
        guard !hasAlarmed else { return }
        let point = (SIMD2(x, y) - origin) / unit
        guard point.x.isFinite, point.y.isFinite else { return skip() }
        defer { previous = point }
        guard let previous else { return }

        let row = LineRow(from: previous, to: point, pull: pull)
        let innovation = line.innovation(row)
        let score = innovation / scale.value
        add(score / (1 + Self.lineErrorBars * line.errorVariance(row) / scale.variance).squareRoot())
        if abs(score) > Self.headStart.ratio * largest {
            takeJump(score)
        } else {
            jumpAge = min(jumpAge + 1, Self.jumpPause)
        }
        hasAlarmed = max(above, below) >= threshold

        let change = line.spread(point) - line.spread(previous)
        line.add(row, weight: Self.weight(score) / scale.variance)
        scale.follow(change)
    }

    /// Adds a bar without a value. The change across it is not used.
    public mutating func skip() {
        previous = nil
    }

    /// Adds the log likelihood ratios of a shifted mean.
    private mutating func add(_ score: Double) {
        // κ times the distance over the innovation's scale; the spread's variance is the innovation's over 1 - φ².
        let shift = Self.distance * pull / (pull * (2 - pull)).squareRoot()
        let loss = Self.loss(score)
        above = max(0, above + loss - Self.loss(score - shift))
        below = max(0, below + loss - Self.loss(score + shift))
    }

    /// Gives a head start to the CUSUM of a jump's sign. A second jump soon after cancels it: it is volatility.
    private mutating func takeJump(_ score: Double) {
        if jumpAge >= Self.jumpPause {
            jump = score > 0 ? Self.headStart.share * threshold : -Self.headStart.share * threshold
            above += max(0, jump)
            below += max(0, -jump)
        } else {
            above = max(0, above - max(0, jump))
            below = max(0, below - max(0, -jump))
            jump = 0
        }
        jumpAge = 0
    }

    /// Huber's loss of a standardized value.
    private static func loss(_ score: Double) -> Double {
        let size = abs(score)
        return size <= clip ? size * size / 2 : clip * (size - clip / 2)
    }

    /// The weight that makes least squares minimize Huber's loss.
    private static func weight(_ score: Double) -> Double {
        let size = abs(score)
        return size <= clip ? 1 : clip / size
    }

    /// Weighted regression of the spread's changes on the spread, with the spread one bar earlier as instrument: noise
    /// in each price, as bid-ask bounce causes it, would otherwise be estimated as pull.
    private mutating func estimatePull(_ points: [SIMD2<Double>]) throws(UndefinedStatistic) {
        scale = try ChangeScale(of: line, over: points)
        var weights = 0.0
        var sum = SIMD3<Double>.zero
        var products = SIMD2<Double>.zero
        for index in 1..<points.count {
            let spread = line.spread(points[index - 1])
            let change = line.spread(points[index]) - spread
            if index > 1 {
                let instrument = line.spread(points[index - 2])
                let weight = Self.weight((change + pull * spread) / scale.value) / scale.variance
                weights += weight
                sum += weight * SIMD3(spread, change, instrument)
                products += weight * instrument * SIMD2(spread, change)
            }
            scale.follow(change)
        }
        let covariance = products - sum.z / weights * SIMD2(sum.x, sum.y)
        guard weights > 0 else { throw .constant }
        // Without a positive covariance the spread is noise, which reverts within a bar.
        let estimate = covariance.x > 0 ? min(1, -covariance.y / covariance.x) : 1
        let bars = Double(points.count)
        // The bias of φ is -(3 + 3φ)/n for the residual of a cointegrating regression.
        let unbiased = estimate - (6 - 3 * estimate) / bars
        pull = min(1, max(Self.pullShare * unbiased, Self.leastPull / bars))
    }

    /// Generalized least squares for the pull.
    private mutating func estimateLine(_ points: [SIMD2<Double>]) throws(UndefinedStatistic) {
        let start = line
        line.removeRows()
        scale = try ChangeScale(of: start, over: points)
        largest = 3
        for index in 1..<points.count {
            let row = LineRow(from: points[index - 1], to: points[index], pull: pull)
            let score = start.innovation(row) / scale.value
            // The scale needs some bars to find the present level.
            if index > ChangeScale.memory { largest = max(largest, abs(score)) }
            line.collect(row, weight: Self.weight(score) / scale.variance)
            scale.follow(start.spread(points[index]) - start.spread(points[index - 1]))
        }
        guard line.solve() else { throw .collinear }
    }
}

/// One bar's equation for the line, y = c·intercept + x·slope + innovation: values less φ times those of the bar
/// before.
private struct LineRow {
    let constant: Double
    let x: Double
    let y: Double

    init(from previous: SIMD2<Double>, to point: SIMD2<Double>, pull: Double) {
        let rest = point - (1 - pull) * previous
        constant = pull
        x = rest.x
        y = rest.y
    }
}

/// The line about which the spread reverts, by weighted least squares, updated row by row.
private struct SpreadLine: Sendable, Equatable, Codable {
    var intercept = 0.0
    var slope = 0.0
    /// Σw·c², Σw·c·x, Σw·x², Σw·c·y, Σw·x·y of the rows.
    private var constants = 0.0
    private var mixed = 0.0
    private var squares = 0.0
    private var targets = SIMD2<Double>.zero

    func spread(_ point: SIMD2<Double>) -> Double { point.y - intercept - slope * point.x }

    func innovation(_ row: LineRow) -> Double { row.y - intercept * row.constant - slope * row.x }

    /// Variance of the innovation that comes from the error of the line.
    func errorVariance(_ row: LineRow) -> Double {
        let cross = 2 * row.constant * row.x * mixed
        return (row.constant * row.constant * squares - cross + row.x * row.x * constants) / determinant
    }

    mutating func add(_ row: LineRow, weight: Double) {
        collect(row, weight: weight)
        _ = solve()
    }

    mutating func collect(_ row: LineRow, weight: Double) {
        constants += weight * row.constant * row.constant
        mixed += weight * row.constant * row.x
        squares += weight * row.x * row.x
        targets += weight * row.y * SIMD2(row.constant, row.x)
    }

    /// - Returns: false, with the line unchanged, when the rows do not determine it.
    mutating func solve() -> Bool {
        let determinant = determinant
        guard determinant > 0, determinant.isFinite else { return false }
        intercept = (targets.x * squares - targets.y * mixed) / determinant
        slope = (targets.y * constants - targets.x * mixed) / determinant
        return true
    }

    /// Empties the sums; the line stays until the next solution.
    mutating func removeRows() {
        (constants, mixed, squares, targets) = (0, 0, 0, .zero)
    }

    private var determinant: Double { constants * squares - mixed * mixed }
}

/// Scale of the spread's changes: √(π/2) times their mean size, which for normal ones is their standard deviation, by
/// exponential smoothing of sizes up to three scales. The larger of a slow and a fast one, so that it rises at once
/// with volatility and falls slowly.
private struct ChangeScale: Sendable, Equatable, Codable {
    /// Bars of the slow one's memory.
    static let memory = 30
    private static let fastMemory = 8
    private static let ofMeanSize = 1.2533141373155003

    private(set) var value = 1.0
    private var slow = 1.0
    private var fast = 1.0
    private var least = 0.0

    init() {}

    /// The scale over all of a window.
    init(of line: SpreadLine, over points: [SIMD2<Double>]) throws(UndefinedStatistic) {
        var sum = 0.0
        for index in 1..<points.count { sum += abs(line.spread(points[index]) - line.spread(points[index - 1])) }
        guard sum > 0 else { throw .constant }
        value = Self.ofMeanSize * sum / Double(points.count - 1)
        (slow, fast) = (value, value)
        // Bars without a change do not reduce the scale further.
        least = 0.1 * value
    }

    var variance: Double { value * value }

    mutating func follow(_ change: Double) {
        let size = min(Self.ofMeanSize * abs(change), 3 * value)
        slow += (size - slow) / Double(Self.memory)
        fast += (size - fast) / Double(Self.fastMemory)
        value = max(least, slow, fast)
    }
}

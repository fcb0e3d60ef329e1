import RealModule

/// Median-unbiased autoregressive coefficient φ of a series, from 0 to 1, with a 90 % interval.
///
/// The least-squares coefficient is compared with the quantiles that it has under each true φ: the estimate is the φ
/// under which it would be the median, the ends of the interval are those under which it would be the 95 % and the 5 %
/// quantile. Source: Andrews 1993, "Exactly median-unbiased estimation of first order autoregressive/unit root models",
/// Econometrica 61.
///
/// The quantiles are simulated with normal innovations from the stationary start; those of the residual hold for a
/// regression with a constant on a random walk whose innovations are independent of the residual's, which biases φ
/// further than the estimation of a mean alone. Where White's standard error of φ exceeds the classical one, the outer
/// quantiles move away from the median in that proportion: otherwise the interval would contain the true φ in only 86 %
/// of cases under GARCH.
public struct MedianUnbiasedPersistence: Sendable, Equatable {
    /// What was estimated before the autoregression.
    public enum Origin: Sendable, Hashable {
        /// The series is the residual of a simple regression with a constant on a random walk.
        case residual
        /// The series is as observed.
        case series
    }

    /// Median-unbiased φ; 0 stands for 0 and below, 1 for 1 and above.
    public var persistence: Double { 1 - departure }
    /// Lower end of the 90 % interval of φ; 0 stands for 0 and below.
    public var lower: Double { 1 - lowerDeparture }
    /// Upper end of the 90 % interval of φ; 1 where a random walk is not excluded.
    public var upper: Double { 1 - upperDeparture }
    // 1-φ, which keeps its digits near 1.
    let departure: Double
    let lowerDeparture: Double
    let upperDeparture: Double

    /// Corrects a least-squares autoregression.
    ///
    /// - Throws: `tooFew` below 19 steps, where the table begins.
    public init(_ autoregression: Autoregression, origin: Origin) throws(UndefinedStatistic) {
        try self.init(autoregression, slope: autoregression.slope, origin: origin)
    }

    /// - Parameter slope: φ - 1 to correct instead of the autoregression's own.
    init(_ autoregression: Autoregression, slope: Double, origin: Origin) throws(UndefinedStatistic) {
        guard autoregression.steps >= 19 else { throw .tooFew }
        let length = Double(autoregression.steps + 1)
        let observed = -slope * length
        // Below 1 it is mostly sampling error.
        let widening = max(1, autoregression.heteroskedasticity)
        func departure(_ quantile: [Int16], median: [Int16]) -> Double {
            QuantileCurve(quantile, median: median, widening, length).departure(observed) / length
        }
        switch origin {
        case .residual:
            let median = HalfLifeTable.residual50
            self.departure = departure(median, median: median)
            lowerDeparture = departure(HalfLifeTable.residual95, median: median)
            upperDeparture = departure(HalfLifeTable.residual5, median: median)
        case .series:
            let median = HalfLifeTable.series50
            self.departure = departure(median, median: median)
            lowerDeparture = departure(HalfLifeTable.series95, median: median)
            upperDeparture = departure(HalfLifeTable.series5, median: median)
        }
    }

    /// -ln 2 / ln φ in bars: 0 for φ = 0, infinite for φ = 1.
    public var halfLife: Double { Self.halfLife(departure) }
    var lowerHalfLife: Double { Self.halfLife(lowerDeparture) }
    var upperHalfLife: Double { Self.halfLife(upperDeparture) }

    private static func halfLife(_ departure: Double) -> Double {
        if departure <= 0 { return .infinity }
        return departure < 1 ? -Double.log(2) / Double.log(onePlus: -departure) : 0
    }
}

/// A quantile of n(1-φ̂) as a function of the departure from unity c = n(1-φ), for one n.
private struct QuantileCurve {
    private let entries: [Int16]
    private let median: [Int16]
    /// What the distance of the quantile from the median is multiplied by.
    private let widening: Double
    private let length: Double
    /// Rows of the table between which n lies, and how far from the first.
    private let row: Int
    private let share: Double
    /// (1 + n/knee)^(1/intervals): what c + knee grows by from node to node.
    private let ratio: Double

    init(_ entries: [Int16], median: [Int16], _ widening: Double, _ length: Double) {
        self.entries = entries
        self.median = median
        self.widening = widening
        self.length = length
        let lengths = HalfLifeTable.lengths
        let tabulated = min(max(length, lengths[0]), lengths[lengths.count - 1])
        var row = 0
        while row < lengths.count - 2, lengths[row + 1] < tabulated { row += 1 }
        self.row = row
        share = Double.log(tabulated / lengths[row]) / Double.log(lengths[row + 1] / lengths[row])
        ratio = Double.exp(Double.log(onePlus: tabulated / HalfLifeTable.knee) / Double(HalfLifeTable.nodes - 1))
    }

    /// The c under which `observed` would be this quantile, from 0 to n.
    func departure(_ observed: Double) -> Double {
        guard observed > value(0, standardized(0)) else { return 0 }
        var shifted = HalfLifeTable.knee
        for node in 0..<(HalfLifeTable.nodes - 1) {
            let next = shifted * ratio
            if observed < value(next - HalfLifeTable.knee, standardized(node + 1)) {
                return solve(observed, from: node, shifted: shifted)
            }
            shifted = next
        }
        return beyondTable(observed)
    }

    /// Bisection between two nodes, with a cubic through the four nearest.
    private func solve(_ observed: Double, from node: Int, shifted: Double) -> Double {
        let last = HalfLifeTable.nodes - 1
        let (start, end) = (standardized(node), standardized(node + 1))
        let before = node > 0 ? standardized(node - 1) : 2 * start - end
        let after = node + 1 < last ? standardized(node + 2) : 2 * end - start
        let (leaving, arriving) = ((end - before) / 2, (after - start) / 2)
        let growth = Double.log(ratio)
        var (low, high) = (0.0, 1.0)
        var departure = 0.0
        for _ in 0..<40 {
            let t = (low + high) / 2
            // Catmull-Rom in Hermite's form.
            let bend = (leaving + arriving - 2 * (end - start)) * t + 3 * (end - start) - 2 * leaving - arriving
            let standardized = start + t * (leaving + t * bend)
            departure = shifted * Double.exp(t * growth) - HalfLifeTable.knee
            if value(departure, standardized) < observed { low = t } else { high = t }
        }
        return departure
    }

    /// Above the last node: n is longer than the table, whose last entry is used as for the normal law, or φ is below
    /// 0.
    private func beyondTable(_ observed: Double) -> Double {
        let last = standardized(HalfLifeTable.nodes - 1)
        guard observed < value(length, last) else { return length }
        var (low, high) = (0.0, length)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if value(middle, last) < observed { low = middle } else { high = middle }
        }
        return high
    }

    /// The table at a node, between its rows.
    private func standardized(_ node: Int) -> Double {
        let index = row * HalfLifeTable.nodes + node
        let middle = between(median[index], median[index + HalfLifeTable.nodes])
        let entry = between(entries[index], entries[index + HalfLifeTable.nodes])
        return (middle + widening * (entry - middle)) / HalfLifeTable.unit
    }

    private func between(_ first: Int16, _ second: Int16) -> Double {
        Double(first) + share * (Double(second) - Double(first))
    }

    private func value(_ departure: Double, _ standardized: Double) -> Double {
        departure + standardized * (HalfLifeTable.varianceAtUnity + departure * (2 - departure / length)).squareRoot()
    }
}

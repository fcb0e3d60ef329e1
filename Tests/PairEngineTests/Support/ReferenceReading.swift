import Foundation
import PairEngine

/// A reading computed from its definition, two passes over the window at every bar.
struct ReferenceReading {
    var observations = 0
    var carriedRatio = 0.0
    var gapRatio = 0.0
    /// Why there is no fit, nil when there is one.
    var reason: UndefinedReason?
    var slope = 0.0
    var intercept = 0.0
    var slopeStandardError = 0.0
    var rSquared = 0.0
    var residualStandardDeviation = 0.0
    var spread: Double?
    var zScore: Double?
    var forecastZScore: Double?
    var returnCorrelation = 0.0
    var returnCorrelationLower = 0.0
    var levelCorrelation = 0.0

    private struct Sample {
        let x: [Double]
        let y: [Double]
        let meanX: Double
        let meanY: Double
        let sumXX: Double
        let sumYY: Double
        let sumXY: Double

        init(_ pairs: [(x: Double, y: Double)]) {
            x = pairs.map(\.x)
            y = pairs.map(\.y)
            let (meanX, meanY) = (Self.mean(x), Self.mean(y))
            (self.meanX, self.meanY) = (meanX, meanY)
            sumXX = pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
            sumYY = pairs.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
            sumXY = pairs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        }

        var slope: Double { sumXY / sumXX }
        var intercept: Double { meanY - slope * meanX }
        var squaredResiduals: Double {
            zip(x, y).reduce(0) { $0 + pow($1.1 - intercept - slope * $1.0, 2) }
        }
        var correlation: Double { sumXY / sqrt(sumXX * sumYY) }

        private static func mean(_ values: [Double]) -> Double {
            values.reduce(0, +) / Double(values.count)
        }
    }

    /// - Parameters:
    ///   - slots: every slot of the grid from the first that the engine saw to the last, those without a bar included.
    ///   - window: slots of the window.
    init(_ slots: [MarketSlot], window: Int, minimumFill: Double, price: PriceScale) {
        let seen = slots.suffix(window)
        let values = Self.values(seen, price: price)
        let valid = values.compactMap(\.self)
        let isCarried = seen.filter { $0.y.price != nil && $0.x.price != nil && ($0.y.isCarried || $0.x.isCarried) }
        observations = valid.count
        carriedRatio = Double(isCarried.count) / Double(seen.count)
        gapRatio = Double(seen.count(where: Self.isLost)) / Double(seen.count)
        reason = Self.unfilled(slots[...], window: window, minimumFill: minimumFill)
        guard reason == nil else { return }

        let sample = Sample(valid)
        let n = Double(valid.count)
        slope = sample.slope
        intercept = sample.intercept
        slopeStandardError = sqrt(sample.squaredResiduals / (n - 2) / sample.sumXX)
        rSquared = 1 - sample.squaredResiduals / sample.sumYY
        residualStandardDeviation = sqrt(sample.squaredResiduals / (n - 1))
        levelCorrelation = sample.correlation
        let returns = zip(values, values.dropFirst()).compactMap { previous, next in
            previous.flatMap { previous in next.map { (x: $0.x - previous.x, y: $0.y - previous.y) } }
        }
        returnCorrelation = Sample(returns).correlation
        let bound = atanh(abs(returnCorrelation)) - 1.959963984540054 / sqrt(Double(returns.count - 3))
        returnCorrelationLower = tanh(max(0, bound))

        guard let last = values.last ?? nil else { return }
        let residual = last.y - sample.intercept - sample.slope * last.x
        spread = residual
        zScore = residual / residualStandardDeviation
        let earlier = slots.dropLast()
        let before = Self.values(earlier.suffix(window), price: price).compactMap(\.self)
        guard Self.unfilled(earlier, window: window, minimumFill: minimumFill) == nil else { return }
        let fit = Sample(before)
        let error = last.y - fit.intercept - fit.slope * last.x
        let m = Double(before.count)
        let variance = fit.squaredResiduals / (m - 2)
        forecastZScore = error / sqrt(variance * (1 + 1 / m + pow(last.x - fit.meanX, 2) / fit.sumXX))
    }

    private static func values(_ slots: some Sequence<MarketSlot>, price: PriceScale) -> [(x: Double, y: Double)?] {
        slots.map { slot in
            guard let y = slot.y.price, let x = slot.x.price else { return nil }
            return price == .log ? (log(x), log(y)) : (x, y)
        }
    }

    private static func isValid(_ slot: MarketSlot) -> Bool {
        slot.y.price != nil && slot.x.price != nil
    }

    /// Whether trades of the slot are known to be missing; a leg without a bar is quiet instead.
    private static func isLost(_ slot: MarketSlot) -> Bool {
        !isValid(slot) && slot.y != .absent && slot.x != .absent
    }

    private static func unfilled(
        _ slots: ArraySlice<MarketSlot>,
        window: Int,
        minimumFill: Double
    ) -> UndefinedReason? {
        let seen = slots.suffix(window)
        if Double(seen.count(where: isValid)) / Double(window) >= minimumFill { return nil }
        guard let last = seen.last, slots.count >= window, slots.contains(where: isValid) else { return .warmingUp }
        let isQuiet = last.y == .absent || last.x == .absent
        return isQuiet || !seen.contains(where: isLost) ? .stale : .gap
    }
}

/// A figure and its standard error, clustered by pair: the values of one pair count as one observation.
struct Estimate {
    var value: Double
    var error: Double

    /// The share of pairs for which a flag is true.
    static func share(_ flags: [Bool]) -> Estimate {
        ratio(flags.map { (hits: $0 ? 1 : 0, trials: 1) })
    }

    /// Hits over trials of all pairs together.
    ///
    /// A share of 0 or 1 has no variance among the pairs; its error is its distance to the share one pair away.
    static func ratio(_ pairs: [(hits: Double, trials: Double)]) -> Estimate {
        ratio(pairs, atEdge: 1 / Double(max(1, pairs.count { $0.trials > 0 })))
    }

    /// Events, or bars of a kind, over all bars of all pairs together; the error of 0 is its distance to that of one.
    static func rate(_ pairs: [(hits: Double, trials: Double)]) -> Estimate {
        ratio(pairs, atEdge: 1 / max(1, pairs.reduce(0) { $0 + $1.trials }))
    }

    private static func ratio(_ pairs: [(hits: Double, trials: Double)], atEdge errorAtEdge: Double) -> Estimate {
        let hits = pairs.reduce(0) { $0 + $1.hits }
        let trials = pairs.reduce(0) { $0 + $1.trials }
        let count = Double(pairs.count { $0.trials > 0 })
        guard trials > 0, count > 1 else { return Estimate(value: .nan, error: .nan) }
        let value = hits / trials
        let squares = pairs.reduce(0) { sum, pair in
            let deviation = pair.hits - value * pair.trials
            return sum + deviation * deviation
        }
        guard squares > 0 else { return Estimate(value: value, error: errorAtEdge) }
        return Estimate(value: value, error: (squares * count / (count - 1)).squareRoot() / trials)
    }

    /// The median of one value per pair; its error is half the distance between the order statistics one standard error
    /// of the rank to either side.
    static func median(_ values: [Double]) -> Estimate {
        let sorted = values.sorted()
        guard sorted.count > 3 else { return Estimate(value: .nan, error: .nan) }
        func quantile(_ share: Double) -> Double {
            let place = min(max(0, share * Double(sorted.count) - 0.5), Double(sorted.count - 1))
            let below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            let part = place - Double(below)
            return part == 0 ? sorted[below] : sorted[below] + part * (sorted[above] - sorted[below])
        }
        let step = 0.5 / Double(sorted.count).squareRoot()
        return Estimate(value: quantile(0.5), error: (quantile(0.5 + step) - quantile(0.5 - step)) / 2)
    }

    /// P(score of a positive > score of a negative), ties as half: the area under the ROC curve, with the error of DeLong,
    /// DeLong and Clarke-Pearson 1988.
    static func areaUnderCurve(positives: [Double], negatives: [Double]) -> Estimate {
        let ofPositives = positives.map { score in share(of: negatives, below: score) }
        let ofNegatives = negatives.map { score in 1 - share(of: positives, below: score) }
        let (area, positivePart) = meanAndVariance(ofPositives)
        let (_, negativePart) = meanAndVariance(ofNegatives)
        let variance = positivePart / Double(positives.count) + negativePart / Double(negatives.count)
        return Estimate(value: area, error: variance.squareRoot())
    }

    private static func share(of scores: [Double], below score: Double) -> Double {
        scores.reduce(0) { $0 + ($1 < score ? 1 : $1 == score ? 0.5 : 0) } / Double(scores.count)
    }

    private static func meanAndVariance(_ values: [Double]) -> (Double, Double) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / max(1, count - 1))
    }
}

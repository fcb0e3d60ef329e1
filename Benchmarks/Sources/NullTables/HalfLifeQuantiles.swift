import RealModule
import SimulatedPairs

/// Simulates the quantiles of the least-squares AR(1) coefficient and prints `HalfLifeTable.swift`.
///
/// The series starts from its stationary law, with normal innovations. Its autoregression with a constant is estimated
/// from the series itself, and from the residual of its regression on an independent random walk with a constant. The
/// quantiles do not depend on the variance, the mean or the slope. All persistences of a path share its innovations, so
/// that the curves are smooth.
enum HalfLifeQuantiles {
    /// Lengths of the series.
    static let lengths = [20, 26, 36, 50, 75, 120, 240, 500, 1_000]
    /// Nodes per curve, a multiple of four.
    static let nodes = 28
    /// The lower, middle and upper curve.
    static let shares = [0.05, 0.5, 0.95]
    /// Separates the local-to-unity scale from the stationary one in ``departure(_:_:)``.
    static let knee = 4.0
    /// About the variance of n(1-φ̂) at unity.
    static let varianceAtUnity = 16.0

    /// Departure from unity c = n(1-φ) at a node: 0 at the first, n at the last.
    static func departure(_ node: Int, _ length: Int) -> Double {
        let share = Double(node) / Double(nodes - 1)
        return knee * Double.expMinusOne(share * Double.log(onePlus: Double(length) / knee))
    }

    /// Large-sample standard deviation of n(1-φ̂), raised to about its size at unity.
    static func scale(_ departure: Double, _ length: Int) -> Double {
        (varianceAtUnity + departure * (2 - departure / Double(length))).squareRoot()
    }

    /// The table as Swift source. 400,000 paths take some minutes.
    static func source(paths: Int = 400_000, seed: UInt64 = 1993) -> String {
        var ofResidual: [[[Double]]] = []
        var ofSeries: [[[Double]]] = []
        for length in lengths {
            let (residual, series) = quantiles(length, paths: paths, seed: seed &+ UInt64(length))
            ofResidual.append(residual)
            ofSeries.append(series)
        }
        let header = """
            /// Quantiles of the least-squares AR(1) coefficient φ̂, made by `HalfLifeQuantiles` in the benchmarks package.
            ///
            /// A row is a length n, a column a departure from unity c = n(1-φ): column i is i/\(nodes - 1) of the way from c = 0 to
            /// c = n on the scale of ln(1 + c/\(Int(knee))). An entry is (n(1-φ̂) - c)/√(\(Int(varianceAtUnity)) + c(2 - c/n)) at the quantile, in
            /// thousandths. Simulated with \(paths) paths.
            enum HalfLifeTable {
                /// Lengths of the rows.
                static let lengths: [Double] = [\(lengths.map { "\($0)" }.joined(separator: ", "))]
                /// Entries of a row.
                static let nodes = \(nodes)
                /// Separates the local-to-unity scale of c from the stationary one.
                static let knee = \(knee)
                /// About the variance of n(1-φ̂) at unity.
                static let varianceAtUnity = \(varianceAtUnity)
                /// Entries per 1.
                static let unit = 1_000.0
            """
        let sets = [("residual", "of a simple regression", ofResidual), ("series", "of one observed series", ofSeries)]
        let curves = sets.flatMap { name, meaning, rows in
            shares.indices.map { share in
                let title = "\(name)\(Int((100 * (1 - shares[share])).rounded()))"
                let lines = rows.map { row in
                    let entries = row[share].map { "\(Int(($0 * 1_000).rounded()))" }
                    return [entries[..<(nodes / 2)], entries[(nodes / 2)...]]
                        .map { "        " + $0.joined(separator: ", ") + ",\n" }.joined()
                }
                return """

                        /// \(Int((100 * (1 - shares[share])).rounded())) % quantile of φ̂ \(name == "series" ? meaning : "of the residual " + meaning).
                        static let \(title): [Int16] = [
                    \(lines.joined())    ]
                    """
            }
        }
        return header + "\n" + curves.joined(separator: "\n") + "\n}"
    }

    /// Standardized quantiles of n(1-φ̂) for one length: per share, per node.
    static func quantiles(_ length: Int, paths: Int, seed: UInt64) -> (residual: [[Double]], series: [[Double]]) {
        var random = NormalNumbers(seed: seed)
        let groups = nodes / 4
        var draws = Array(repeating: [Double](), count: 2 * nodes)
        for index in draws.indices { draws[index].reserveCapacity(paths) }
        var persistence = Array(repeating: SIMD4<Double>.zero, count: groups)
        for node in 0..<nodes { persistence[node / 4][node % 4] = 1 - departure(node, length) / Double(length) }
        var walk = Array(repeating: 0.0, count: length)
        var steps = walk
        for _ in 0..<paths {
            var level = 0.0
            for bar in 0..<length {
                level += random.normal()
                walk[bar] = level
                steps[bar] = random.normal()
            }
            for group in 0..<groups {
                let (residual, series) = persistences(persistence[group], steps: steps, walk: walk)
                for lane in 0..<4 {
                    draws[4 * group + lane].append(Double(length) * (1 - residual[lane]))
                    draws[nodes + 4 * group + lane].append(Double(length) * (1 - series[lane]))
                }
            }
        }
        for index in draws.indices { draws[index].sort() }
        func curves(_ offset: Int) -> [[Double]] {
            shares.map { share in
                (0..<nodes).map { node in
                    let position = share * Double(paths - 1)
                    let below = Int(position)
                    let sorted = draws[offset + node]
                    let above = sorted[min(below + 1, paths - 1)]
                    let quantile = sorted[below] + (position - Double(below)) * (above - sorted[below])
                    let center = departure(node, length)
                    return (quantile - center) / scale(center, length)
                }
            }
        }
        return (curves(0), curves(nodes))
    }

    /// Estimated persistences of four series with the same innovations: of the residual on the walk, and of the series.
    private static func persistences(
        _ persistence: SIMD4<Double>,
        steps: [Double],
        walk: [Double]
    ) -> (residual: SIMD4<Double>, series: SIMD4<Double>) {
        typealias Four = SIMD4<Double>
        let count = Double(steps.count)
        var spread = Four.zero
        for lane in 0..<4 {
            // The start cancels at unity, as everything is about a mean.
            let variance = 1 - persistence[lane] * persistence[lane]
            spread[lane] = variance > 0 ? steps[0] / variance.squareRoot() : 0
        }
        let first = spread
        var x = walk[0]
        var (sum, squares, products) = (spread, spread * spread, spread * x)
        var (lagged, crossed) = (Four.zero, Four.zero)
        var (sumX, squaresX, laggedX) = (x, x * x, 0.0)
        for bar in 1..<steps.count {
            let (before, beforeX) = (spread, x)
            spread = persistence * before + steps[bar]
            x = walk[bar]
            sum += spread
            squares += spread * spread
            products += spread * x
            lagged += before * spread
            crossed += before * x + beforeX * spread
            sumX += x
            squaresX += x * x
            laggedX += beforeX * x
        }
        func estimate(_ slope: Four) -> Four {
            // Moments of w = spread - slope·x, then of its deviations from the mean.
            let mean = (sum - slope * sumX) / count
            let start = first - slope * walk[0] - mean
            let end = spread - slope * x - mean
            let total = squares - 2 * slope * products + slope * slope * squaresX - count * mean * mean
            let raw = lagged - slope * crossed + slope * slope * laggedX
            let cross = raw + mean * (start + end) - (count - 1) * mean * mean
            let pairs = count - 1
            return (cross - start * end / pairs) / (total - end * end - end * end / pairs)
        }
        let slope = (products - sum * (sumX / count)) / (squaresX - sumX * sumX / count)
        return (estimate(slope), estimate(.zero))
    }
}

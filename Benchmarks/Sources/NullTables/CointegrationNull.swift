import PairStatistics
import RealModule
import SimulatedPairs

/// Simulates `CointegrationNullTable`: quantiles of the weaker Engle-Granger statistic of two Gaussian walks, by length
/// and correlation.
///
/// One pair of independent walks serves every correlation: y on x has the same statistic for all of them, and x on y is
/// computed for each. Quantiles below 1 % are those of a cubic in the statistic fitted to the probits of 0.05 to 10 %.
package enum CointegrationNull {
    static let lengths = [22, 25, 30, 35, 40, 50, 60, 80, 100, 140, 200, 300, 500, 1000, 2000]
    static let correlations = [0, 0.5, 0.7, 0.85, 0.95, 1]
    static let shares = [
        1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 0.99, 0.999,
    ]

    /// Prints the rows of the table, in thousandths.
    /// - Parameter effort: scales the number of pairs; the table is that of 0.5, which takes about two minutes.
    package static func printTable(effort: Double = 0.5) throws {
        for length in lengths {
            let draws = Int(effort * min(1_000_000, 120_000_000 / Double(length)))
            print("        // \(length) values")
            for statistics in try simulate(length: length, draws: draws) {
                let row = quantiles(statistics.sorted(), fitsTail: length >= 40)
                let numbers = row.map { String(Int(($0 * 1000).rounded())) }.joined(separator: ", ")
                print("        \(numbers),")
            }
        }
    }

    /// Statistics by correlation.
    private static func simulate(length: Int, draws: Int) throws -> [[Double]] {
        var random = NormalNumbers(seed: UInt64(length))
        var kernel = try MutualStatistic(count: length)
        var result = [[Double]](repeating: [], count: correlations.count)
        for _ in 0..<draws {
            let x = (1..<length).map { _ in random.normal() }
            let own = (1..<length).map { _ in random.normal() }
            guard let first = kernel.oneDirection(changesOfY: own, x: x) else { continue }
            for (index, correlation) in correlations.enumerated() {
                var statistic = first
                if correlation < 1 {
                    let rest = (1 - correlation * correlation).squareRoot()
                    let y = zip(x, own).map { correlation * $0 + rest * $1 }
                    guard let second = kernel.oneDirection(changesOfY: x, x: y) else { continue }
                    statistic = max(first, second)
                }
                result[index].append(statistic)
            }
        }
        return result
    }

    private static func quantiles(_ sorted: [Double], fitsTail: Bool) -> [Double] {
        let tail = fitsTail ? tailPolynomial(sorted) : nil
        return shares.map { share in
            let position = share * Double(sorted.count) - 0.5
            if share < 0.01, let tail { return root(of: tail, at: NormalNumbers.quantile(share)) }
            let lower = min(max(Int(position), 0), sorted.count - 2)
            let weight = min(max(position - Double(lower), 0), 1)
            return sorted[lower] + weight * (sorted[lower + 1] - sorted[lower])
        }
    }

    /// Probit of the share below a statistic t as a cubic of t + 3.5, by least squares weighted with its precision.
    private static func tailPolynomial(_ sorted: [Double]) -> [Double] {
        var normal = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 4)
        var probit = NormalNumbers.quantile(5e-4)
        while probit < -1.28 {
            let share = NormalNumbers.cumulative(probit)
            let t = sorted[Int(share * Double(sorted.count))] + 3.5
            let density = Double.exp(-probit * probit / 2)
            let weight = density * density / (share * (1 - share))
            let powers = [1, t, t * t, t * t * t, probit]
            for row in 0..<4 {
                for column in 0..<5 { normal[row][column] += weight * powers[row] * powers[column] }
            }
            probit += 0.02
        }
        for pivot in 0..<4 {
            for row in 0..<4 where row != pivot {
                let factor = normal[row][pivot] / normal[pivot][pivot]
                for column in pivot..<5 { normal[row][column] -= factor * normal[pivot][column] }
            }
        }
        return (0..<4).map { normal[$0][4] / normal[$0][$0] }
    }

    /// Where the polynomial reaches a probit, from above.
    private static func root(of polynomial: [Double], at probit: Double) -> Double {
        var t = 0.5
        while t > -8 {
            let value = polynomial.reversed().reduce(0) { $0 * t + $1 }
            if value <= probit { break }
            t -= 1e-4
        }
        return t - 3.5
    }
}

extension NormalNumbers {
    /// P(Z ≤ z).
    static func cumulative(_ z: Double) -> Double { 0.5 * Double.erfc(-z * 0.5.squareRoot()) }

    /// z with P(Z ≤ z) = p, by bisection.
    static func quantile(_ p: Double) -> Double {
        var (low, high) = (-9.0, 9.0)
        while high - low > 1e-12 {
            let middle = (low + high) / 2
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
        return low
    }
}

import PairStatistics
import SimulatedPairs

/// The unit of evidence: the average run length in windows until an unrelated pair reaches a value.
enum RunLengthRow {
    private static let window = Population.window
    private static let step = window / 20
    private static let windows = 60
    private static let levels = [10.0, 30, 100]

    @Sendable static func tables(_ study: Study) async -> [Table] {
        var table = Table(
            "Average run length of the evidence of unrelated walks, in windows",
            note: """
                From no evidence to the first value at or above the level, pairs that do not reach it in \(windows) windows \
                included as such. The level itself is what it should be in Gaussian markets; longer is safe.
                """
        )
        for market in SimulatedMarketLaw.plain {
            for correlation in [0.0, 0.7] {
                let population = Population(market, .walks(correlation: correlation), bars: (windows + 1) * window)
                let firsts = await study.map(population, count: study.pairs, firstWindows)
                for (index, level) in levels.enumerated() {
                    let reached = firsts.count { $0[index] != nil }
                    let time = firsts.reduce(0) { $0 + ($1[index] ?? Double(windows)) }
                    let length = time / Double(max(1, reached))
                    table.add(
                        "correlation \(Number.text(correlation)), evidence \(Number.text(level))",
                        market.label,
                        Estimate(value: length, error: length / Double(max(1, reached)).squareRoot()),
                        digits: 0
                    )
                }
            }
        }
        return [table]
    }

    /// After how many windows the evidence first reaches each level, nil where it does not.
    @Sendable private static func firstWindows(_ pair: SimulatedPair) -> [Double?] {
        var evidence = CointegrationEvidence(window: window, step: step)
        var firsts: [Double?] = levels.map { _ in nil }
        for end in stride(from: window, through: pair.x.count, by: step) {
            let (y, x) = (Array(pair.y[(end - window)..<end]), Array(pair.x[(end - window)..<end]))
            guard let test = try? MutualCointegration(y: y, x: x) else { continue }
            _ = evidence.record(test, y: y, x: x, legPValues: (y: nil, x: nil), slot: Int64(end))
            for (index, level) in levels.enumerated() where firsts[index] == nil && evidence.value >= level {
                firsts[index] = Double(end - window) / Double(window)
            }
        }
        return firsts
    }
}

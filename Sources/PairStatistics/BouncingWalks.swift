import RealModule

/// A window as two random walks whose recorded prices bounce between bid and ask: y = slope·x + spread, where x and the
/// spread are walks plus noise (Roll 1984, "A simple implicit measure of the effective bid-ask spread").
struct NullWalks {
    /// Hedge ratio by least squares.
    let slope: Double
    let spread: BouncingWalk
    let regressor: BouncingWalk
    /// For each change the number of its block: stretches that end with a bar in which both legs change.
    let blocks: [Int]

    /// - Parameters:
    ///   - y: levels of one leg.
    ///   - x: levels of the other leg, of the same number; not all equal.
    ///   - changesOfY: one-bar changes of y.
    ///   - changesOfX: those of x.
    init(y: [Double], x: [Double], _ changesOfY: [Double], _ changesOfX: [Double]) {
        let moments = PairMoments(x: x, y: y)
        let slope = moments.sumXY / moments.sumXX
        self.slope = slope
        spread = BouncingWalk(
            zip(changesOfY, changesOfX).map { $0 - slope * $1 },
            levels: zip(y, x).map { ($0 - moments.meanY) - slope * ($1 - moments.meanX) }
        )
        regressor = BouncingWalk(changesOfX, levels: x.map { $0 - moments.meanX })
        var block = 0
        blocks = zip(changesOfY, changesOfX).map { y, x in
            defer { if y != 0, x != 0 { block += 1 } }
            return block
        }
    }
}

/// Changes of a random walk plus noise as a moving average, Δ_t = v_t - θ·v₋₁, by conditional least squares.
///
/// The noise of the prices has variance θ·var(v), the walk's own changes have (1-θ)²·var(v).
struct BouncingWalk {
    /// 0 without bounce, at most 0.95.
    private(set) var theta = 0.0
    /// The innovations v; the changes themselves where θ is 0.
    private(set) var innovations: [Double]

    /// θ has the least sum of squares, to a fortieth. It is 0 where Schwarz's criterion rejects it, and where a
    /// first-order autoregression of the levels fits better by the same margin: such a spread reverts, a walk that
    /// bounces does not.
    ///
    /// - Parameters:
    ///   - changes: one-bar changes.
    ///   - levels: what changes, about its mean; one more.
    init(_ changes: [Double], levels: [Double]) {
        innovations = changes
        let plain = Self.squares(changes, 0)
        var best = (squares: plain, step: 0)
        for step in 1...38 {
            let squares = Self.squares(changes, Double(step) / 40)
            if squares < best.squares { best = (squares, step) }
        }
        let count = Double(changes.count)
        let margin = Double.exp(Double.log(count) / count)
        guard best.squares * margin < plain else { return }
        guard best.squares < margin * Self.squaresOfAutoregression(levels, changes) else { return }
        theta = Double(best.step) / 40
        var last = 0.0
        for index in innovations.indices {
            last = innovations[index] + theta * last
            innovations[index] = last
        }
    }

    /// Sum of the squared innovations that belong to θ, the first of which is the first change.
    private static func squares(_ changes: [Double], _ theta: Double) -> Double {
        var (last, total) = (0.0, 0.0)
        for change in changes {
            last = change + theta * last
            total += last * last
        }
        return total
    }

    /// Sum of squared residuals of Δ_t = γ·level₋₁ + u.
    private static func squaresOfAutoregression(_ levels: [Double], _ changes: [Double]) -> Double {
        var (changesSquared, levelsSquared, product) = (0.0, 0.0, 0.0)
        for (level, change) in zip(levels, changes) {
            changesSquared += change * change
            levelsSquared += level * level
            product += level * change
        }
        return levelsSquared > 0 ? changesSquared - product * product / levelsSquared : changesSquared
    }
}

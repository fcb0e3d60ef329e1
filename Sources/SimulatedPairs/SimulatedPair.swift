import RealModule

/// Log prices of two legs with a known relation, to measure judgements against.
///
/// Sizes: a bar's innovation of x has standard deviation ``barDeviation``; everything else is relative to it.
package struct SimulatedPair: Sendable {
    /// Standard deviation of one bar's innovation of x.
    static let barDeviation = 1e-3

    /// Log prices of x, oldest first.
    package var x: [Double]
    /// Log prices of y, of the same number.
    package var y: [Double]
    /// Whether a leg repeats an old price in the bar.
    package var isCarried: [Bool]

    /// The relation of the legs.
    package enum Relation: Sendable, Hashable {
        /// Random walks whose innovations have this correlation: no cointegration.
        case walks(correlation: Double)
        /// y = x + spread, a first-order autoregression with this half-life in bars, so wide that the returns have this
        /// correlation.
        case cointegrated(halfLife: Double, correlation: Double)
        /// y returns to a constant with this half-life, x is a random walk: no cointegration.
        case pegged(halfLife: Double)
    }

    /// A change from one bar on.
    package enum Change: Sendable, Hashable {
        /// The spread stops reverting and continues as a random walk with the same innovations.
        case walk
        /// The mean of the spread moves by a multiple of its standard deviation.
        case levelShift(deviations: Double)
        /// The innovations of the spread become larger by a factor, for a number of bars.
        case widerSpread(factor: Double, bars: Int)
        /// The returns of the legs become independent, with the same variances.
        case decoupling
    }

    /// Simulates a pair.
    /// - Parameters:
    ///   - market: the law of the innovations and the difference between them and the recorded price.
    ///   - relation: of the legs.
    ///   - bars: how many.
    ///   - change: a change, and its first bar.
    ///   - seed: the same seed gives the same pair.
    package init(
        _ market: SimulatedMarketLaw,
        _ relation: Relation,
        bars: Int,
        change: (kind: Change, bar: Int)? = nil,
        seed: UInt64
    ) {
        var random = NormalNumbers(seed: seed)
        var driver = InnovationSource(market, bars: bars, random: &random)
        var own = InnovationSource(market, bars: bars, sharing: driver)
        var substitute = own
        x = []
        y = []
        isCarried = []
        x.reserveCapacity(bars)
        y.reserveCapacity(bars)

        let recipe = Recipe(relation)
        var levelX = 0.0
        var offset = 0.0
        var spread = recipe.stationaryDeviation * random.normal()
        var levelY = 0.0
        for bar in 0..<bars {
            let common = driver.next(bar, &random)
            var particular = own.next(bar, &random)
            var persistence = recipe.persistence
            var explained = recipe.loading * common
            if let change, bar >= change.bar {
                switch change.kind {
                case .walk: persistence = 1
                case .levelShift(let deviations): offset = deviations * recipe.stationaryDeviation
                case .widerSpread(let factor, let bars):
                    if bar < change.bar + bars { particular *= factor }
                case .decoupling: explained = recipe.loading * substitute.next(bar, &random)
                }
            }
            levelX += common
            levelY += explained
            spread = persistence * spread + recipe.innovation * particular
            x.append(levelX)
            y.append(levelY + spread + offset)
            isCarried.append(false)
        }
        market.disturb(&self, &random)
        let scale = Self.barDeviation
        x = x.map { 4 + $0 * scale }
        y = y.map { 3 + $0 * scale }
    }

    /// A relation as numbers, in units of x's innovation.
    private struct Recipe {
        /// The slope of y on x.
        var loading = 0.0
        /// Autoregression of the residual.
        var persistence = 1.0
        /// Standard deviation of the innovations of the residual.
        var innovation = 1.0

        init(_ relation: Relation) {
            switch relation {
            case .walks(let correlation):
                loading = correlation
                innovation = (1 - correlation * correlation).squareRoot()
            case .cointegrated(let halfLife, let correlation):
                loading = 1
                persistence = Self.persistence(halfLife)
                // The spread's changes have variance 2·innovation²/(1+φ).
                innovation = ((1 / (correlation * correlation) - 1) * (1 + persistence) / 2).squareRoot()
            case .pegged(let halfLife):
                persistence = Self.persistence(halfLife)
            }
        }

        var stationaryDeviation: Double {
            persistence < 1 ? innovation / (1 - persistence * persistence).squareRoot() : 0
        }

        private static func persistence(_ halfLife: Double) -> Double { .pow(0.5, 1 / halfLife) }
    }
}

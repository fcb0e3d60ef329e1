import SimulatedPairs

/// Simulated pairs of one kind.
struct Population: Hashable, Sendable {
    /// Bars of the standard window of the measurements.
    static let window = 240

    let market: SimulatedMarketLaw
    let relation: SimulatedPair.Relation
    let bars: Int
    var change: SimulatedPair.Change?
    /// The first bar after the change.
    var changeBar = 0

    init(_ market: SimulatedMarketLaw, _ relation: SimulatedPair.Relation, bars: Int) {
        self.market = market
        self.relation = relation
        self.bars = bars
    }

    /// The same pairs with a change from a bar on.
    func changed(_ change: SimulatedPair.Change, from bar: Int) -> Population {
        var population = self
        population.change = change
        population.changeBar = bar
        return population
    }

    /// One of the pairs; its seed follows from the kind and its number, so that no two kinds share random numbers.
    func pair(_ number: Int, seed: UInt64) -> SimulatedPair {
        // FNV-1a; a Swift hash differs from run to run.
        let text = "\(market) \(relation) \(bars) \(change.map { "\($0)" } ?? "") \(changeBar)"
        let kind = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var numbers = NormalNumbers(seed: kind ^ (seed &* 0x9E37_79B9_7F4A_7C15))
        let base = numbers.next()
        return SimulatedPair(
            market,
            relation,
            bars: bars,
            change: change.map { (kind: $0, bar: changeBar) },
            seed: base &+ UInt64(number) &* 0xD134_2543_DE82_EF95
        )
    }
}

extension SimulatedMarketLaw {
    /// The heading of the market's column.
    var label: String {
        switch self {
        case .gaussian: "Gaussian"
        case .studentT3: "t(3)"
        case .garch: "GARCH"
        case .bounce(let deviations): "bounce \(Number.text(deviations)) σ"
        case .staleLeg: "stale leg"
        case .volatilityBurst(let factor, _): "volatility × \(Number.text(factor))"
        }
    }

    /// The markets without anything between the efficient price and the recorded one.
    static let plain: [SimulatedMarketLaw] = [.gaussian, .studentT3, .garch]
}

/// Numbers as text.
enum Number {
    /// A number without a fraction that is 0.
    static func text(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}

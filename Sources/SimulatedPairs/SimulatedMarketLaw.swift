import RealModule

/// The law of a simulated market: its innovations, and the difference between the efficient price and the recorded one.
package enum SimulatedMarketLaw: Sendable, Hashable {
    /// Normal innovations.
    case gaussian
    /// Student's t with 3 degrees of freedom, scaled to unit variance.
    case studentT3
    /// GARCH(1,1) with α = 0.1, β = 0.88 and unit variance.
    case garch
    /// Normal innovations; each recorded price lies this many innovations' deviations above or below the efficient one,
    /// by chance (Roll 1984).
    case bounce(deviations: Double)
    /// Normal innovations; y trades in 30 % of the bars and repeats its old price in the others.
    case staleLeg
    /// Normal innovations, of both legs larger by a factor for a number of bars somewhere in the series.
    case volatilityBurst(factor: Double, bars: Int)

    /// The seven markets of the calibration report besides the pegged leg, which is a relation.
    package static let all: [SimulatedMarketLaw] = [
        .gaussian, .studentT3, .garch, .bounce(deviations: 0.7), .bounce(deviations: 2), .staleLeg,
        .volatilityBurst(factor: 5, bars: 100),
    ]

    /// Turns efficient prices, in units of an innovation, into recorded ones.
    func disturb(_ pair: inout SimulatedPair, _ random: inout NormalNumbers) {
        switch self {
        case .bounce(let deviations):
            for bar in pair.x.indices {
                pair.x[bar] += random.uniform() < 0.5 ? deviations : -deviations
                pair.y[bar] += random.uniform() < 0.5 ? deviations : -deviations
            }
        case .staleLeg:
            for bar in pair.y.indices.dropFirst() where random.uniform() > 0.3 {
                pair.y[bar] = pair.y[bar - 1]
                pair.isCarried[bar] = true
            }
        case .gaussian, .studentT3, .garch, .volatilityBurst: break
        }
    }
}

/// Innovations of unit variance by a market's law.
struct InnovationSource {
    private let law: SimulatedMarketLaw
    private var variance = 1.0
    private let burst: Range<Int>

    init(_ law: SimulatedMarketLaw, bars: Int, random: inout NormalNumbers) {
        self.law = law
        if case .volatilityBurst(_, let length) = law {
            let start = Int(random.uniform() * Double(max(1, bars - length)))
            burst = start..<(start + length)
        } else {
            burst = 0..<0
        }
    }

    /// Innovations of another leg, with the burst at the same time.
    init(_ law: SimulatedMarketLaw, bars: Int, sharing other: InnovationSource) {
        self.law = law
        burst = other.burst
    }

    mutating func next(_ bar: Int, _ random: inout NormalNumbers) -> Double {
        switch law {
        case .studentT3:
            let (a, b, c) = (random.normal(), random.normal(), random.normal())
            // t(3) has variance 3.
            return random.normal() / (a * a + b * b + c * c).squareRoot()
        case .garch:
            let innovation = variance.squareRoot() * random.normal()
            variance = 0.02 + 0.1 * innovation * innovation + 0.88 * variance
            return innovation
        case .volatilityBurst(let factor, _):
            return (burst.contains(bar) ? factor : 1) * random.normal()
        case .gaussian, .bounce, .staleLeg:
            return random.normal()
        }
    }
}

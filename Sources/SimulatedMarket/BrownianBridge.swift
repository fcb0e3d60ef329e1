/// A Brownian bridge: the distance of a Brownian motion between two known values from the straight line between them,
/// drawn at increasing moments from 0 to 1 (Glasserman, "Monte Carlo Methods in Financial Engineering", 2003, 3.1).
struct BrownianBridge: Sendable {
    private let deviation: Double
    private var moment = 0.0
    private var value = 0.0

    /// - Parameter deviation: standard deviation of the motion over the time from 0 to 1.
    init(deviation: Double) {
        self.deviation = deviation
    }

    /// The distance from the straight line at a moment, which must not be before that of the last call.
    mutating func value(at next: Double, using generator: inout Xoshiro256) -> Double {
        guard next > moment, next < 1 else { return value }
        let share = (1 - next) / (1 - moment)
        value = share * value + deviation * ((next - moment) * share).squareRoot() * generator.gaussian()
        moment = next
        return value
    }
}

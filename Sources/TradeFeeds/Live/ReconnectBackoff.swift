/// Exponential backoff with full jitter: a uniform draw between zero and a ceiling that doubles from 0.5 s to 30 s
/// (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
struct ReconnectBackoff: Sendable {
    static let base = Duration.milliseconds(500)
    static let ceiling = Duration.seconds(30)
    /// Data for at least this time resets the number of failures.
    static let healthyFlow = Duration.seconds(60)

    private var failures = 0

    /// The wait before the next attempt, given how long the ended connection delivered trades.
    mutating func delay(
        afterFlowing flow: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        if flow >= Self.healthyFlow { failures = 0 }
        let ceiling = min(Self.ceiling, Self.base * (1 << min(failures, 6)))
        failures += 1
        return ceiling * Double.random(in: 0...1, using: &generator)
    }
}

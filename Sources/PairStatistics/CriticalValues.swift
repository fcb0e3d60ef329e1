/// Values a test statistic must fall below (Dickey-Fuller) or exceed (KPSS) to reject at three levels.
public struct CriticalValues: Sendable, Hashable {
    /// At 1 %.
    public let onePercent: Double
    /// At 5 %.
    public let fivePercent: Double
    /// At 10 %.
    public let tenPercent: Double

    /// Critical values at 1, 5 and 10 %.
    init(onePercent: Double, fivePercent: Double, tenPercent: Double) {
        self.onePercent = onePercent
        self.fivePercent = fivePercent
        self.tenPercent = tenPercent
    }
}

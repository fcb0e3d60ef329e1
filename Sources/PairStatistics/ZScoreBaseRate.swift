import RealModule

/// How often a z-score of the spread has at least a given size: a normal table does not apply, not even to unrelated
/// pairs.
///
/// Monte Carlo of Gaussian pairs with an intercept fitted, independent numpy code, about four million bars for each
/// window and law (standard error at most 0.0013). `ZScoreBaseRateTests` repeats it with this package.
public enum ZScoreBaseRate {
    /// The processes of the legs.
    public enum Law: String, Sendable, CaseIterable {
        /// Two independent random walks.
        case unrelated
        /// A random walk and its double plus a spread that reverts with a half-life of a thirtieth of the window.
        case reverting
        /// The same with a half-life of a tenth of the window.
        case slowlyReverting = "slowly_reverting"
    }

    /// The fit that the last bar is compared with.
    public enum Fit: Sendable {
        /// The fit that ended one bar earlier: `LinearFit.forecastZScore`.
        case before
        /// The fit that includes the bar: `LinearFit.zScore`.
        case including
    }

    /// The share of bars on which |z| is at least `size`, between the tabled windows and sizes by interpolation.
    ///
    /// - Parameters:
    ///   - size: |z|; above 4 the share of 4 is returned, as an upper bound.
    ///   - window: bars of the fit; outside 20...1000 the nearest.
    /// - Returns: 0 to 1; nil when `size` is not a number.
    public static func share(beyond size: Double, window: Int, law: Law, fit: Fit) -> Double? {
        guard !size.isNaN else { return nil }
        let size = min(abs(size), 4)
        let position = min(max(Double.log(Double(max(1, window))), logWindows[0]), logWindows[logWindows.count - 1])
        let upper = logWindows.firstIndex { $0 >= position } ?? logWindows.count - 1
        let lower = max(0, upper - 1)
        let weight = lower == upper ? 0 : (position - logWindows[lower]) / (logWindows[upper] - logWindows[lower])
        let rows = table(law, fit)
        let logs = [lower, upper].map { interpolate(rows[$0], at: size) }
        return Double.exp(logs[0] + weight * (logs[1] - logs[0]))
    }

    /// The windows of the table.
    public static let windows = [20, 60, 120, 240, 500, 1000]
    private static let logWindows = windows.map { Double.log(Double($0)) }
    private static let sizes = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4]

    /// The logarithm of a row's share, straight between the sizes of the table.
    private static func interpolate(_ row: [Double], at size: Double) -> Double {
        let shares = [1] + row
        let upper = max(1, sizes.firstIndex { $0 >= size } ?? sizes.count - 1)
        let weight = (size - sizes[upper - 1]) / (sizes[upper] - sizes[upper - 1])
        // A size that did not occur in four million bars counts as rarer than the last digit.
        let logs = [upper - 1, upper].map { Double.log(max(shares[$0], 5e-5)) }
        return logs[0] + weight * (logs[1] - logs[0])
    }

    /// Shares beyond 0.5, 1, 1.5, 2, 2.5, 3 and 4, one row per window.
    private static func table(_ law: Law, _ fit: Fit) -> [[Double]] {
        switch (law, fit) {
        case (.unrelated, .before):
            [
                [0.7436, 0.5051, 0.3047, 0.1604, 0.0738, 0.0306, 0.0043],
                [0.7513, 0.5167, 0.3132, 0.1610, 0.0684, 0.0240, 0.0018],
                [0.7539, 0.5198, 0.3157, 0.1614, 0.0671, 0.0223, 0.0013],
                [0.7559, 0.5223, 0.3177, 0.1618, 0.0665, 0.0219, 0.0012],
                [0.7562, 0.5239, 0.3185, 0.1624, 0.0675, 0.0221, 0.0012],
                [0.7538, 0.5208, 0.3151, 0.1594, 0.0652, 0.0210, 0.0010],
            ]
        case (.unrelated, .including):
            [
                [0.7328, 0.4792, 0.2589, 0.1022, 0.0243, 0.0025, 0.0000],
                [0.7481, 0.5086, 0.2987, 0.1416, 0.0504, 0.0127, 0.0002],
                [0.7522, 0.5158, 0.3084, 0.1517, 0.0579, 0.0163, 0.0005],
                [0.7551, 0.5203, 0.3142, 0.1570, 0.0619, 0.0189, 0.0007],
                [0.7559, 0.5230, 0.3168, 0.1601, 0.0653, 0.0206, 0.0009],
                [0.7536, 0.5203, 0.3143, 0.1583, 0.0641, 0.0202, 0.0009],
            ]
        case (.reverting, .before):
            [
                [0.6371, 0.3499, 0.1669, 0.0704, 0.0271, 0.0096, 0.0011],
                [0.6444, 0.3565, 0.1679, 0.0668, 0.0227, 0.0067, 0.0004],
                [0.6472, 0.3601, 0.1699, 0.0673, 0.0223, 0.0061, 0.0003],
                [0.6484, 0.3611, 0.1702, 0.0672, 0.0220, 0.0059, 0.0002],
                [0.6498, 0.3630, 0.1712, 0.0675, 0.0217, 0.0057, 0.0002],
                [0.6505, 0.3637, 0.1719, 0.0676, 0.0220, 0.0059, 0.0002],
            ]
        case (.reverting, .including):
            [
                [0.6274, 0.3261, 0.1326, 0.0386, 0.0068, 0.0005, 0.0000],
                [0.6413, 0.3489, 0.1567, 0.0560, 0.0154, 0.0031, 0.0000],
                [0.6457, 0.3563, 0.1642, 0.0618, 0.0184, 0.0042, 0.0001],
                [0.6476, 0.3592, 0.1673, 0.0644, 0.0200, 0.0049, 0.0001],
                [0.6495, 0.3621, 0.1699, 0.0662, 0.0208, 0.0052, 0.0002],
                [0.6503, 0.3632, 0.1713, 0.0669, 0.0215, 0.0056, 0.0002],
            ]
        case (.slowlyReverting, .before):
            [
                [0.6714, 0.3979, 0.2069, 0.0953, 0.0394, 0.0151, 0.0019],
                [0.6812, 0.4089, 0.2124, 0.0943, 0.0355, 0.0114, 0.0007],
                [0.6842, 0.4132, 0.2155, 0.0951, 0.0349, 0.0106, 0.0005],
                [0.6856, 0.4149, 0.2164, 0.0951, 0.0345, 0.0103, 0.0005],
                [0.6868, 0.4163, 0.2175, 0.0951, 0.0341, 0.0098, 0.0004],
                [0.6869, 0.4173, 0.2186, 0.0958, 0.0345, 0.0101, 0.0005],
            ]
        case (.slowlyReverting, .including):
            [
                [0.6627, 0.3748, 0.1696, 0.0556, 0.0112, 0.0010, 0.0000],
                [0.6783, 0.4015, 0.2003, 0.0807, 0.0251, 0.0056, 0.0001],
                [0.6829, 0.4096, 0.2096, 0.0883, 0.0295, 0.0075, 0.0002],
                [0.6849, 0.4131, 0.2135, 0.0917, 0.0318, 0.0087, 0.0003],
                [0.6865, 0.4154, 0.2160, 0.0935, 0.0328, 0.0090, 0.0003],
                [0.6868, 0.4169, 0.2179, 0.0949, 0.0339, 0.0097, 0.0004],
            ]
        }
    }
}

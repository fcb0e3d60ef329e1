/// Levels at which a signal begins, each with the level at which it ends.
package struct SignalThresholds: Sendable, Hashable {
    /// Size of the forecast z-score from which on it is extreme.
    package var zScoreEntry: Double
    /// Size of the forecast z-score below which the extreme ends.
    package var zScoreExit: Double
    /// Recent return correlation, with the sign of the window's, below which it may have broken down.
    package var correlationFloor: Double
    /// Recent return correlation above which it has recovered.
    package var correlationFloorExit: Double
    /// Recent over usual width of the spread's changes from which on they spike.
    package var volatilitySpikeRatio: Double
    /// The ratio below which the spike is over.
    package var volatilitySpikeExit: Double
    /// Calibrated p-value from which on the texts state that the latest test finds no cointegration.
    package var pValue: Double
    /// The p-value below which they state that it finds cointegration.
    package var pValueExit: Double
    /// Bars in a row that must agree before a signal begins or ends.
    package var dwellBars: Int
    /// Bars that count as recent; see ``recentBars(window:)``.
    package var recentBars: Int

    /// Thresholds from their parts. The defaults are calibrated: see `ZScoreBaseRate` and the README.
    package init(
        zScoreEntry: Double = 2,
        zScoreExit: Double = 0.5,
        correlationFloor: Double = 0.5,
        correlationFloorExit: Double = 0.6,
        volatilitySpikeRatio: Double = 2,
        volatilitySpikeExit: Double = 1.5,
        pValue: Double = 0.05,
        pValueExit: Double = 0.03,
        dwellBars: Int = 3,
        recentBars: Int = 20
    ) {
        self.zScoreEntry = zScoreEntry
        self.zScoreExit = zScoreExit
        self.correlationFloor = correlationFloor
        self.correlationFloorExit = correlationFloorExit
        self.volatilitySpikeRatio = volatilitySpikeRatio
        self.volatilitySpikeExit = volatilitySpikeExit
        self.pValue = pValue
        self.pValueExit = pValueExit
        self.dwellBars = dwellBars
        self.recentBars = recentBars
    }

    /// Bars whose changes of the spread are compared with those of the window before them: the configured number, at
    /// most a sixth of the window, so that enough are left to compare with, at least 5.
    package func recentBars(window: Int) -> Int {
        max(5, min(recentBars, window / 6))
    }

    /// Returns whose correlation is compared with the window's: the configured number, at most a third of the window,
    /// at least 5.
    func recentReturns(window: Int) -> Int {
        max(5, min(recentBars, window / 3))
    }
}

import MarketData
import PairEngine
import PairStatistics

/// Every statistic of one pair over one window, or why it has none: what `analyze` answers.
struct PairAnalysis: Sendable {
    /// A statistic, or why there is none.
    typealias Outcome<Value> = Result<Value, UndefinedStatistic>

    /// One slot of the grid, or a gap.
    typealias Slot = PairReplay.Slot?

    let observations: Int
    let missing: Int
    let fit: Outcome<LinearFit>
    let hedgeRatioError: Outcome<NeweyWest>
    let hedgeRatios: [(method: HedgeRatioMethod, ratio: Outcome<Double>)]
    let spread: Outcome<Double>
    let zScore: Outcome<Double>
    let forecastZScore: Outcome<Double>
    let returnCorrelation: Outcome<Double>
    let levelCorrelation: Outcome<Double>
    let halfLife: Outcome<HalfLife>
    let adf: Outcome<AugmentedDickeyFuller>
    let engleGranger: Outcome<EngleGranger>
    let engleGrangerReversed: Outcome<EngleGranger>
    let kpss: Outcome<KPSS>
    /// Bars of the window.
    let window: Int
    /// What the exporter would say after the last slot, by the default thresholds.
    let reading: PairReading?
    /// How past extremes were followed, where asked for.
    let efficacy: SignalEfficacy?

    /// Analyses the last slots; the fit that the forecast z-score needs ends one slot earlier.
    /// - Parameters:
    ///   - slots: in order, as many as there are: the window is made from the last, signals from all.
    ///   - settings: the window and the ADF regression.
    ///   - timeframe: the length of the slots.
    ///   - firstSlot: the slot that the first of `slots` is.
    init(_ slots: [Slot], settings: AnalysisSettings, timeframe: Timeframe? = Timeframe("1s"), firstSlot: Int64 = 0) {
        let window = min(settings.window ?? slots.count, slots.count)
        self.window = window
        var rolling = RollingPairWindow(capacity: max(1, window))
        var previousFit = Outcome<LinearFit>.failure(.tooFew)
        for (index, slot) in slots.suffix(window + 1).enumerated() {
            if index == min(window, slots.count - 1) { previousFit = Self.fit(rolling) }
            if let slot { rolling.append(x: slot.x, y: slot.y) } else { rolling.appendGap() }
        }
        observations = rolling.validCount
        missing = rolling.slotCount - rolling.validCount
        let fit = Self.fit(rolling)
        self.fit = fit
        let last = Outcome { () throws(UndefinedStatistic) in
            guard let last = rolling.latest else { throw .tooFew }
            return last
        }
        spread = fit.flatMap { fit in last.map { fit.residual(x: $0.x, y: $0.y) } }
        zScore = fit.flatMap { fit in
            last.flatMap { last in
                Outcome { () throws(UndefinedStatistic) in try fit.zScore(x: last.x, y: last.y) }
            }
        }
        forecastZScore = previousFit.flatMap { fit in
            last.flatMap { last in
                Outcome { () throws(UndefinedStatistic) in try fit.forecastZScore(x: last.x, y: last.y) }
            }
        }
        returnCorrelation = Outcome { () throws(UndefinedStatistic) in try Correlation.pearson(rolling.returns) }
        levelCorrelation = Outcome { () throws(UndefinedStatistic) in try Correlation.pearson(rolling.levels) }

        let run = rolling.longestContiguousRun()
        let residuals = Outcome { () throws(UndefinedStatistic) in
            let fit = try LinearFit(PairMoments(x: run.x, y: run.y))
            if fit.isCollinear { throw .collinear }
            return zip(run.x, run.y).map { fit.residual(x: $0, y: $1) }
        }
        halfLife = residuals.flatMap { residuals in
            Outcome { () throws(UndefinedStatistic) in try HalfLife(residuals) }
        }
        adf = residuals.flatMap { residuals in
            Outcome { () throws(UndefinedStatistic) in
                try AugmentedDickeyFuller(
                    residuals,
                    trend: settings.trend,
                    lagSelection: settings.lagSelection,
                    maximumLag: settings.maximumLag
                )
            }
        }
        kpss = residuals.flatMap { residuals in Outcome { () throws(UndefinedStatistic) in try KPSS(residuals) } }
        engleGranger = Outcome { () throws(UndefinedStatistic) in try EngleGranger(y: run.y, x: run.x) }
        engleGrangerReversed = Outcome { () throws(UndefinedStatistic) in try EngleGranger(y: run.x, x: run.y) }
        hedgeRatioError = Outcome { () throws(UndefinedStatistic) in try NeweyWest(x: run.x, y: run.y) }
        hedgeRatios = HedgeRatioMethod.allCases.map { method in
            (method, Outcome { () throws(UndefinedStatistic) in try method.hedgeRatio(y: run.y, x: run.x) })
        }
        reading = timeframe.map { Self.reading(slots, settings, timeframe: $0, firstSlot: firstSlot) }
        efficacy = settings.efficacy ? timeframe.map { Self.efficacy(slots, window: window, timeframe: $0) } : nil
    }

    private static func reading(
        _ slots: [Slot],
        _ settings: AnalysisSettings,
        timeframe: Timeframe,
        firstSlot: Int64
    ) -> PairReading {
        let window = settings.window ?? slots.count
        // A window of everything there is leaves no past in which tests could have been repeated.
        let tests = settings.window.map { _ in
            TestSettings(trend: settings.trend, lagSelection: settings.lagSelection)
        }
        let length = PairReplay.historyLength(window: window, tests: tests ?? TestSettings())
        let history = slots.suffix(length)
        var replay = PairReplay(
            timeframe: timeframe,
            window: window,
            price: settings.price ?? .log,
            tests: tests,
            firstSlot: firstSlot + Int64(slots.count - history.count)
        )
        for slot in history { replay.append(slot) }
        return replay.reading
    }

    private static func efficacy(_ slots: [Slot], window: Int, timeframe: Timeframe) -> SignalEfficacy {
        var replay = PairReplay(timeframe: timeframe, window: window)
        for slot in slots { replay.append(slot) }
        return replay.efficacy
    }

    private static func fit(_ rolling: RollingPairWindow) -> Outcome<LinearFit> {
        Outcome { () throws(UndefinedStatistic) in
            if rolling.hasFlatLeg { throw .flatLeg }
            return try LinearFit(rolling.levels)
        }
    }
}

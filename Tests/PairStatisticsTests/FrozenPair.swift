import PairStatistics

/// A pair made by integer arithmetic, the same to the last bit on every machine, and the results of statsmodels 0.15.0.
enum FrozenPair {
    /// 160 bars: x a random walk about 4, y = 1 + 1.5·x + e with e autoregressive (0.8).
    static let series: (x: [Double], y: [Double]) = {
        var state: UInt32 = 2024
        func uniform() -> Double {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Double(state) / 4_294_967_296 - 0.5
        }
        var x: [Double] = []
        var y: [Double] = []
        var level = 4.0
        var spread = 0.0
        for _ in 0..<160 {
            level += 0.01 * uniform()
            spread = 0.8 * spread + 0.01 * uniform()
            x.append(level)
            y.append(1 + 1.5 * level + spread)
        }
        return (x, y)
    }()

    /// One call of `adfuller` on x, or on y - 1.5·x.
    struct DickeyFuller: Sendable {
        let ofSpread: Bool
        let trend: TrendTerms
        let selection: LagSelection
        let statistic: Double
        let pValue: Double
        let lags: Int
        let observations: Int
        let critical: [Double]
    }

    static let dickeyFuller: [DickeyFuller] = [
        DickeyFuller(
            ofSpread: false,
            trend: .noConstant,
            selection: .aic,
            statistic: 0.2140809380322603,
            pValue: 0.7508301546611138,
            lags: 0,
            observations: 159,
            critical: [-2.579945102646256, -1.942814644552463, -1.615250603140201]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .noConstant,
            selection: .bic,
            statistic: 0.2140809380322603,
            pValue: 0.7508301546611138,
            lags: 0,
            observations: 159,
            critical: [-2.579945102646256, -1.942814644552463, -1.615250603140201]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .noConstant,
            selection: .tStatistic,
            statistic: 0.2140809380322603,
            pValue: 0.7508301546611138,
            lags: 0,
            observations: 159,
            critical: [-2.579945102646256, -1.942814644552463, -1.615250603140201]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .noConstant,
            selection: .fixed,
            statistic: 0.28156727451276736,
            pValue: 0.7698385342789609,
            lags: 14,
            observations: 145,
            critical: [-2.581331819262782, -1.9430022196892043, -1.6151090404690638]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constant,
            selection: .aic,
            statistic: -1.5002947318388156,
            pValue: 0.5333655342479456,
            lags: 0,
            observations: 159,
            critical: [-3.472161410886292, -2.8798954259680936, -2.5765565828092245]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constant,
            selection: .bic,
            statistic: -1.5002947318388156,
            pValue: 0.5333655342479456,
            lags: 0,
            observations: 159,
            critical: [-3.472161410886292, -2.8798954259680936, -2.5765565828092245]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constant,
            selection: .tStatistic,
            statistic: -1.5002947318388156,
            pValue: 0.5333655342479456,
            lags: 0,
            observations: 159,
            critical: [-3.472161410886292, -2.8798954259680936, -2.5765565828092245]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constant,
            selection: .fixed,
            statistic: -1.2162745285542942,
            pValue: 0.6665559331450973,
            lags: 14,
            observations: 145,
            critical: [-3.476273058920005, -2.881687616548444, -2.5775132580261593]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantAndTrend,
            selection: .aic,
            statistic: -1.7082317813275805,
            pValue: 0.7472411060929975,
            lags: 0,
            observations: 159,
            critical: [-4.016865591239997, -3.438471289152691, -3.1434724577634183]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantAndTrend,
            selection: .bic,
            statistic: -1.7082317813275805,
            pValue: 0.7472411060929975,
            lags: 0,
            observations: 159,
            critical: [-4.016865591239997, -3.438471289152691, -3.1434724577634183]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantAndTrend,
            selection: .tStatistic,
            statistic: -1.7082317813275805,
            pValue: 0.7472411060929975,
            lags: 0,
            observations: 159,
            critical: [-4.016865591239997, -3.438471289152691, -3.1434724577634183]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantAndTrend,
            selection: .fixed,
            statistic: -1.3159656231153998,
            pValue: 0.8839236167690974,
            lags: 14,
            observations: 145,
            critical: [-4.022601282135389, -3.441213278199188, -3.1450757476731313]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantTrendAndSquare,
            selection: .aic,
            statistic: -2.972932834584041,
            pValue: 0.3082436159970112,
            lags: 0,
            observations: 159,
            critical: [-4.445511698687881, -3.8700562404386023, -3.5765015308784607]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantTrendAndSquare,
            selection: .bic,
            statistic: -2.972932834584041,
            pValue: 0.3082436159970112,
            lags: 0,
            observations: 159,
            critical: [-4.445511698687881, -3.8700562404386023, -3.5765015308784607]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantTrendAndSquare,
            selection: .tStatistic,
            statistic: -2.972932834584041,
            pValue: 0.3082436159970112,
            lags: 0,
            observations: 159,
            critical: [-4.445511698687881, -3.8700562404386023, -3.5765015308784607]
        ),
        DickeyFuller(
            ofSpread: false,
            trend: .constantTrendAndSquare,
            selection: .fixed,
            statistic: -2.5048772067202254,
            pValue: 0.5665689595866701,
            lags: 14,
            observations: 145,
            critical: [-4.452861832219443, -3.8737518193447866, -3.578771217024068]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .noConstant,
            selection: .aic,
            statistic: 0.0014257298116585435,
            pValue: 0.6847537361349245,
            lags: 1,
            observations: 158,
            critical: [-2.580035922127864, -1.9428268781475706, -1.6152412733678267]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .noConstant,
            selection: .bic,
            statistic: 0.004921184886080637,
            pValue: 0.6859143712933204,
            lags: 0,
            observations: 159,
            critical: [-2.579945102646256, -1.942814644552463, -1.615250603140201]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .noConstant,
            selection: .tStatistic,
            statistic: 0.03236689815565251,
            pValue: 0.6949424960050756,
            lags: 14,
            observations: 145,
            critical: [-2.581331819262782, -1.9430022196892043, -1.6151090404690638]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .noConstant,
            selection: .fixed,
            statistic: 0.03236689815565251,
            pValue: 0.6949424960050756,
            lags: 14,
            observations: 145,
            critical: [-2.581331819262782, -1.9430022196892043, -1.6151090404690638]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constant,
            selection: .aic,
            statistic: -4.119092105838458,
            pValue: 0.0009004911839260428,
            lags: 0,
            observations: 159,
            critical: [-3.472161410886292, -2.8798954259680936, -2.5765565828092245]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constant,
            selection: .bic,
            statistic: -4.119092105838458,
            pValue: 0.0009004911839260428,
            lags: 0,
            observations: 159,
            critical: [-3.472161410886292, -2.8798954259680936, -2.5765565828092245]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constant,
            selection: .tStatistic,
            statistic: -5.2713155560240805,
            pValue: 6.2767060019143336e-06,
            lags: 7,
            observations: 152,
            critical: [-3.474120870218417, -2.880749791423677, -2.5770126333102494]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constant,
            selection: .fixed,
            statistic: -3.3359046243495865,
            pValue: 0.013347861434748783,
            lags: 14,
            observations: 145,
            critical: [-3.476273058920005, -2.881687616548444, -2.5775132580261593]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantAndTrend,
            selection: .aic,
            statistic: -4.104386078945982,
            pValue: 0.006214055216439537,
            lags: 0,
            observations: 159,
            critical: [-4.016865591239997, -3.438471289152691, -3.1434724577634183]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantAndTrend,
            selection: .bic,
            statistic: -4.104386078945982,
            pValue: 0.006214055216439537,
            lags: 0,
            observations: 159,
            critical: [-4.016865591239997, -3.438471289152691, -3.1434724577634183]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantAndTrend,
            selection: .tStatistic,
            statistic: -5.301705973735103,
            pValue: 5.608784370777554e-05,
            lags: 7,
            observations: 152,
            critical: [-4.019598505829475, -3.4397782320445764, -3.1442367831043154]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantAndTrend,
            selection: .fixed,
            statistic: -3.3849877197511082,
            pValue: 0.05342621433248522,
            lags: 14,
            observations: 145,
            critical: [-4.022601282135389, -3.441213278199188, -3.1450757476731313]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantTrendAndSquare,
            selection: .aic,
            statistic: -5.359134612631748,
            pValue: 0.0002341186482530206,
            lags: 7,
            observations: 152,
            critical: [-4.449013616587239, -3.871817570299971, -3.5775835089731554]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantTrendAndSquare,
            selection: .bic,
            statistic: -4.351734158495555,
            pValue: 0.010712306709657058,
            lags: 0,
            observations: 159,
            critical: [-4.445511698687881, -3.8700562404386023, -3.5765015308784607]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantTrendAndSquare,
            selection: .tStatistic,
            statistic: -5.359134612631748,
            pValue: 0.0002341186482530206,
            lags: 7,
            observations: 152,
            critical: [-4.449013616587239, -3.871817570299971, -3.5775835089731554]
        ),
        DickeyFuller(
            ofSpread: true,
            trend: .constantTrendAndSquare,
            selection: .fixed,
            statistic: -3.63875871736367,
            pValue: 0.08174919856254087,
            lags: 14,
            observations: 145,
            critical: [-4.452861832219443, -3.8737518193447866, -3.578771217024068]
        ),
    ]

    /// One call of `coint`: of y on x, or of x on y where swapped.
    struct EngleGrangerCase: Sendable {
        let trend: TrendTerms
        let selection: LagSelection
        let swapped: Bool
        let statistic: Double
        let pValue: Double
        let critical: [Double]
    }

    static let engleGranger: [EngleGrangerCase] = [
        EngleGrangerCase(
            trend: .constant,
            selection: .aic,
            swapped: false,
            statistic: -4.327414526069911,
            pValue: 0.002319597604960115,
            critical: [-3.9666460480202526, -3.3748281883628017, -3.071231804517226]
        ),
        EngleGrangerCase(
            trend: .constant,
            selection: .fixed,
            swapped: false,
            statistic: -3.219616751311967,
            pValue: 0.06670804309306899,
            critical: [-3.9666460480202526, -3.3748281883628017, -3.071231804517226]
        ),
        EngleGrangerCase(
            trend: .constant,
            selection: .aic,
            swapped: true,
            statistic: -4.157919516901843,
            pValue: 0.004220967170893931,
            critical: [-3.9666460480202526, -3.3748281883628017, -3.071231804517226]
        ),
        EngleGrangerCase(
            trend: .constant,
            selection: .fixed,
            swapped: true,
            statistic: -2.5514376396605147,
            pValue: 0.2568665771090969,
            critical: [-3.9666460480202526, -3.3748281883628017, -3.071231804517226]
        ),
        EngleGrangerCase(
            trend: .constantAndTrend,
            selection: .aic,
            swapped: false,
            statistic: -4.334267443856906,
            pValue: 0.009805733083533759,
            critical: [-4.426130039159843, -3.840862686207033, -3.541140458228132]
        ),
        EngleGrangerCase(
            trend: .constantAndTrend,
            selection: .fixed,
            swapped: false,
            statistic: -3.1801333391877096,
            pValue: 0.19279231751721798,
            critical: [-4.426130039159843, -3.840862686207033, -3.541140458228132]
        ),
        EngleGrangerCase(
            trend: .constantAndTrend,
            selection: .aic,
            swapped: true,
            statistic: -4.177582496128134,
            pValue: 0.016148440283085954,
            critical: [-4.426130039159843, -3.840862686207033, -3.541140458228132]
        ),
        EngleGrangerCase(
            trend: .constantAndTrend,
            selection: .fixed,
            swapped: true,
            statistic: -2.5626061362982746,
            pValue: 0.4856392672047812,
            critical: [-4.426130039159843, -3.840862686207033, -3.541140458228132]
        ),
        EngleGrangerCase(
            trend: .constantTrendAndSquare,
            selection: .aic,
            swapped: false,
            statistic: -4.366190387911173,
            pValue: 0.027677240832486735,
            critical: [-4.82252842613552, -4.238694853029309, -3.9399415172306047]
        ),
        EngleGrangerCase(
            trend: .constantTrendAndSquare,
            selection: .fixed,
            swapped: false,
            statistic: -3.258206112806427,
            pValue: 0.32234121283525113,
            critical: [-4.82252842613552, -4.238694853029309, -3.9399415172306047]
        ),
        EngleGrangerCase(
            trend: .constantTrendAndSquare,
            selection: .aic,
            swapped: true,
            statistic: -4.0280744707683445,
            pValue: 0.06913563965474169,
            critical: [-4.82252842613552, -4.238694853029309, -3.9399415172306047]
        ),
        EngleGrangerCase(
            trend: .constantTrendAndSquare,
            selection: .fixed,
            swapped: true,
            statistic: -2.437309037458733,
            pValue: 0.7574541848029461,
            critical: [-4.82252842613552, -4.238694853029309, -3.9399415172306047]
        ),
    ]
}

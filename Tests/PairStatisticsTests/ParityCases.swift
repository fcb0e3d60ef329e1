import Foundation

/// What `.ci/parity_cases.py` writes: series and the results of statsmodels and arch for them.
struct ParityCases: Decodable {
    struct Series: Decodable {
        struct Case: Decodable {
            let trend: String
            let selection: String
            let maximumLag: Int?
            let statistic: Double
            /// The same solved in long double.
            let extendedStatistic: Double
            let pvalue: Double
            let lags: Int
            let observations: Int
            let critical: [Double]
        }

        let name: String
        let series: [Double]
        let cases: [Case]
    }

    struct Pair: Decodable {
        struct Regression: Decodable {
            let slope: Double
            let slopeError: Double
            let rSquared: Double
            /// Newey-West with the automatic number of lags.
            let hacError: Double
            /// Newey-West with seven lags.
            let hacErrorSeven: Double
        }

        struct EngleGranger: Decodable {
            let trend: String
            let selection: String
            let swapped: Bool
            /// Nil where statsmodels returns minus infinity and warns of collinearity.
            let statistic: Double?
            /// The same solved in long double.
            let extendedStatistic: Double
            let lags: Int
            let pvalue: Double
            let critical: [Double]?
        }

        struct KPSS: Decodable {
            let trend: String
            let automatic: Bool
            let statistic: Double
            let pvalue: Double
            let lags: Int
        }

        struct Robust: Decodable {
            let huberSlope: Double
            let huberScale: Double
            /// Nil for long series.
            let theilSenSlope: Double?
        }

        struct HalfLife: Decodable {
            let bars: Double
            let standardError: Double
        }

        struct VarianceRatio: Decodable {
            let periods: Int
            let trend: String
            let robust: Bool
            let debiased: Bool
            let ratio: Double
            let statistic: Double
            let pvalue: Double
        }

        let name: String
        let x: [Double]
        let y: [Double]
        let spread: [Double]
        let regression: Regression
        let engleGranger: [EngleGranger]
        let kpss: [KPSS]
        let robust: Robust
        let halfLife: HalfLife?
        let varianceRatio: [VarianceRatio]
    }

    let seed: Int
    let versions: String
    let adf: [Series]
    let pairs: [Pair]

    /// The file named by the environment variable PARITY_CASES.
    static let path = ProcessInfo.processInfo.environment["PARITY_CASES"]

    static func load(_ path: String) throws -> ParityCases {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(ParityCases.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

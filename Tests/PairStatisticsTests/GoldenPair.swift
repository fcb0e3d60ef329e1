import Foundation
import TestSupport

/// The golden vectors: a pair of log prices of 250 bars and the results of statsmodels 0.15.0.
struct GoldenPair: Decodable {
    struct Fit: Decodable {
        let alpha: Double
        let beta: Double
        let r2: Double
        let seBeta: Double
    }

    struct DickeyFuller: Decodable {
        let stat: Double
        let p: Double
        let lags: Int
        let nobs: Int
        let crit: [String: Double]
    }

    struct KPSS: Decodable {
        let stat: Double
        let p: Double
        let lags: Int
    }

    struct HalfLife: Decodable {
        let hlExact: Double
    }

    struct Scores: Decodable {
        let ddof1Incl: Double
        let ddof1Excl: Double
    }

    /// Statistic, p-value and critical values of `coint`.
    struct EngleGranger: Decodable {
        let statistic: Double
        let pValue: Double
        let critical: [Double]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            statistic = try list.decode(Double.self)
            pValue = try list.decode(Double.self)
            critical = try list.decode([Double].self)
        }
    }

    let x: [Double]
    let y: [Double]
    let ols: Fit
    /// By "series|trend|selection", where the series is `resid` or one of the legs.
    let adf: [String: DickeyFuller]
    /// By "y~x|trend|selection".
    let coint: [String: EngleGranger]
    let kpssCAuto: KPSS
    let kpssCtLegacyX: KPSS
    let halflife: HalfLife
    let z60: Scores
    let corrRet: Double
    let corrLvl: Double

    enum CodingKeys: String, CodingKey {
        case x, y, ols, adf, coint, halflife, z60
        case kpssCAuto = "kpss_c_auto"
        case kpssCtLegacyX = "kpss_ct_legacy_x"
        case corrRet = "corr_ret"
        case corrLvl = "corr_lvl"
    }

    private static let path = "reference/golden-pair.json"

    static let isPresent = SharedData.exists(path)

    static func load() throws -> GoldenPair {
        let decoder = JSONDecoder()
        return try decoder.decode(GoldenPair.self, from: SharedData.data(path))
    }
}

extension GoldenPair.Fit {
    enum CodingKeys: String, CodingKey {
        case alpha, beta, r2
        case seBeta = "se_beta"
    }
}

extension GoldenPair.HalfLife {
    enum CodingKeys: String, CodingKey {
        case hlExact = "hl_exact"
    }
}

extension GoldenPair.Scores {
    enum CodingKeys: String, CodingKey {
        case ddof1Incl = "ddof1_incl"
        case ddof1Excl = "ddof1_excl"
    }
}

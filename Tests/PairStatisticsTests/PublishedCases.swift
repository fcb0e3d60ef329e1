import Foundation
import TestSupport

/// Results of Stata and R printed in the tests of statsmodels, on its macroeconomic data.
struct PublishedCases {
    struct Cases: Decodable {
        struct DickeyFuller: Decodable {
            let series: String
            let regression: String
            let lags: Int
            let stat: Double
            let pvalue: Double
            let crit: [Double]
            let nobsUsed: Int
        }

        struct KPSS: Decodable {
            let series: String
            let regression: String
            let lags: Int
            let stat: Double
            let pvalueClipped: Double
        }

        struct EngleGranger: Decodable {
            let y: String
            let x: String
            let trend: String
            let lags: Int
            let stat: Double
        }

        let adf: [DickeyFuller]
        let kpss: [KPSS]
        let engleGranger: [EngleGranger]
    }

    private static let folder = "data/reference-unitroot"

    static let isPresent = SharedData.exists("\(folder)/published-cases.json")

    let cases: Cases
    private let columns: [String: [Double]]

    static func load() throws -> PublishedCases {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let cases = try decoder.decode(Cases.self, from: SharedData.data("\(folder)/published-cases.json"))
        var lines = try SharedData.text("\(folder)/macrodata.csv").split(whereSeparator: \.isNewline)[...]
        let names = lines.popFirst()?.split(separator: ",").map { $0.filter { $0 != "\"" } } ?? []
        var columns: [String: [Double]] = [:]
        for line in lines {
            for (name, field) in zip(names, line.split(separator: ",")) {
                columns[name, default: []].append(Double(field) ?? .nan)
            }
        }
        return PublishedCases(cases: cases, columns: columns)
    }

    func series(_ name: String) -> [Double] { columns[name] ?? [] }
}

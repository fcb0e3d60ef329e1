import Foundation
import TestSupport

/// A data set of NIST's Statistical Reference Datasets with its certified values.
struct CertifiedData {
    static let folder = "data/nist-strd"

    struct Coefficient {
        let estimate: Double
        let standardError: Double
    }

    private(set) var coefficients: [Coefficient] = []
    private(set) var rSquared: Double?
    private(set) var mean: Double?
    private(set) var standardDeviation: Double?
    private(set) var autocorrelation: Double?
    /// The data by column, in file order (the response first).
    private(set) var columns: [[Double]] = []

    init(_ name: String) throws {
        var inData = false
        for line in try SharedData.text("\(Self.folder)/\(name).dat").split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            let numbers = words.compactMap { Double($0) }
            if inData {
                guard numbers.count == words.count, !numbers.isEmpty else { continue }
                if columns.isEmpty { columns = Array(repeating: [], count: numbers.count) }
                for (column, number) in numbers.enumerated() { columns[column].append(number) }
            } else if words.count > 1, words[0] == "Data:", words[1].lowercased() == "y" {
                inData = true
            } else if let first = words.first, first.hasPrefix("B"), Int(first.dropFirst()) != nil, numbers.count == 2 {
                coefficients.append(Coefficient(estimate: numbers[0], standardError: numbers[1]))
            } else if words.first == "R-Squared", let value = numbers.first {
                rSquared = value
            } else if line.hasPrefix("Sample Mean") {
                mean = numbers.last
            } else if line.hasPrefix("Sample Standard Deviation") {
                standardDeviation = numbers.last
            } else if line.hasPrefix("Sample Autocorrelation") {
                autocorrelation = numbers.last
            }
        }
    }
}

/// Correct decimal digits of a value: the log relative error, at most 15.
func correctDigits(_ value: Double, _ certified: Double) -> Double {
    let error = certified == 0 ? abs(value) : abs(value - certified) / abs(certified)
    return error == 0 ? 15 : min(15, -log10(error))
}

import PairStatistics
import TestSupport
import Testing

@Suite struct LeastSquaresTests {
    @Test("One column is the simple regression")
    func simple() throws {
        let (x, y) = FrozenPair.series
        let fit = try LeastSquares(columns: [x], response: y)
        #expect(correctDigits(fit.coefficients[1], 1.6556563658683935) >= 14)
        #expect(correctDigits(fit.coefficients[0], 0.38126577529323993) >= 13)
        #expect(correctDigits(fit.standardErrors[1], 0.03422932034039946) >= 13)
        #expect(correctDigits(fit.rSquared, 0.9367395756419572) >= 13)
        #expect(fit.residuals.count == 160)
        #expect(abs(fit.residuals.reduce(0, +)) < 1e-13)
    }

    @Test("Without intercept the line goes through the origin")
    func noIntercept() throws {
        let fit = try LeastSquares(columns: [[1, 2, 3]], response: [2, 4, 7], intercept: false)
        // Σxy / Σx² = 31 / 14
        #expect(abs(fit.coefficients[0] - 31.0 / 14) < 1e-15)
        #expect(fit.coefficients.count == 1)
    }

    @Test("Dependent columns, flat responses and short samples are undefined")
    func undefined() {
        let column = [1.0, 2, 4, 8, 9]
        #expect(throws: UndefinedStatistic.collinear) {
            try LeastSquares(columns: [column, column.map { 3 * $0 + 1 }], response: [1, 3, 2, 5, 4])
        }
        #expect(throws: UndefinedStatistic.constant) {
            try LeastSquares(columns: [column], response: [2, 2, 2, 2, 2])
        }
        #expect(throws: UndefinedStatistic.tooFew) { try LeastSquares(columns: [[1, 2]], response: [1, 3]) }
        #expect(throws: UndefinedStatistic.tooFew) { try LeastSquares(columns: [column], response: [1, 2, 3]) }
        #expect(throws: UndefinedStatistic.tooFew) {
            try LeastSquares(columns: [column], response: [1, 2, 3, .infinity, 4])
        }
    }

    /// A problem of NIST: how its columns follow from the data file, and the digits asked for.
    struct Problem: Sendable, CustomTestStringConvertible {
        let name: String
        let degree: Int
        let intercept: Bool
        let digits: Double

        var testDescription: String { name }
    }

    @Test(
        "NIST's certified coefficients and standard errors",
        .enabled(if: SharedData.exists(CertifiedData.folder)),
        arguments: [
            Problem(name: "Norris", degree: 1, intercept: true, digits: 10),
            Problem(name: "NoInt1", degree: 1, intercept: false, digits: 10),
            Problem(name: "Longley", degree: 1, intercept: true, digits: 8),
            Problem(name: "Wampler1", degree: 5, intercept: true, digits: 8),
            Problem(name: "Wampler3", degree: 5, intercept: true, digits: 8),
        ]
    )
    func certified(problem: Problem) throws {
        let data = try CertifiedData(problem.name)
        var columns = Array(data.columns.dropFirst())
        let first = columns[0]
        for _ in 1..<problem.degree { columns.append(zip(columns[columns.count - 1], first).map { $0 * $1 }) }
        let fit = try LeastSquares(columns: columns, response: data.columns[0], intercept: problem.intercept)
        #expect(fit.coefficients.count == data.coefficients.count)
        for (index, reference) in data.coefficients.enumerated() {
            #expect(correctDigits(fit.coefficients[index], reference.estimate) >= problem.digits)
            #expect(correctDigits(fit.standardErrors[index], reference.standardError) >= problem.digits)
        }
        #expect(correctDigits(fit.rSquared, try #require(data.rSquared)) >= problem.digits)
    }
}

import TestSupport
import Testing

@testable import PairStatistics

@Suite struct SeriesMomentsTests {
    @Test("Mean, deviation and autocorrelation of a series small enough for paper")
    func byHand() throws {
        let moments = try SeriesMoments([1, 2, 3, 6])
        #expect(moments.count == 4)
        #expect(moments.mean == 3)
        #expect(abs(moments.standardDeviation - (14.0 / 3).squareRoot()) < 1e-15)
        // (-2·-1 + -1·0 + 0·3) / 14
        #expect(try abs(#require(moments.autocorrelation) - 1.0 / 7) < 1e-15)
    }

    @Test("A constant series has a deviation of 0 and no autocorrelation")
    func constant() throws {
        let moments = try SeriesMoments([0.1, 0.1, 0.1])
        #expect(moments.mean == 0.1)
        #expect(moments.standardDeviation == 0)
        #expect(moments.autocorrelation == nil)
    }

    @Test("Too few values, or one that is not finite, are undefined")
    func undefined() {
        #expect(throws: UndefinedStatistic.tooFew) { try SeriesMoments([1]) }
        #expect(throws: UndefinedStatistic.tooFew) { try SeriesMoments([1, .nan, 2]) }
        #expect(throws: UndefinedStatistic.tooFew) { try SeriesMoments([1e300, -1e300]) }
    }

    @Test(
        "NIST's certified digits",
        .enabled(if: SharedData.exists(CertifiedData.folder)),
        arguments: [("Michelso", 10.0), ("Mavro", 10), ("NumAcc1", 14), ("NumAcc2", 10), ("NumAcc3", 8)]
    )
    func certified(name: String, digits: Double) throws {
        let data = try CertifiedData(name)
        let moments = try SeriesMoments(data.columns[0])
        #expect(correctDigits(moments.mean, try #require(data.mean)) >= digits)
        #expect(correctDigits(moments.standardDeviation, try #require(data.standardDeviation)) >= digits)
        let autocorrelation = try #require(moments.autocorrelation)
        #expect(correctDigits(autocorrelation, try #require(data.autocorrelation)) >= digits)
    }
}

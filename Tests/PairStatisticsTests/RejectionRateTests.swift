import Foundation
import TestSupport
import Testing

@testable import PairStatistics

/// How often tests find cointegration in pairs of independent random walks, at a nominal 5 %.
@Suite struct RejectionRateTests {
    /// Rejections of Engle-Granger and of plain ADF on the residual, as shares.
    private func rates(walks: Int, length: Int) throws -> (engleGranger: Double, adf: Double) {
        var random = SeededRandom(seed: 20_261_122)
        var rejections = (engleGranger: 0, adf: 0)
        for _ in 0..<walks {
            let x = random.walk(length)
            let y = random.walk(length)
            let fit = try LinearFit(PairMoments(x: x, y: y))
            let residual = zip(x, y).map { fit.residual(x: $0, y: $1) }
            if try EngleGranger(y: y, x: x).pValue < 0.05 { rejections.engleGranger += 1 }
            if try AugmentedDickeyFuller(residual).pValue < 0.05 { rejections.adf += 1 }
        }
        return (Double(rejections.engleGranger) / Double(walks), Double(rejections.adf) / Double(walks))
    }

    @Test(
        "The published p-value rejects 4 to 7 % at every default window that publishes one",
        .enabled(if: ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil),
        arguments: [200, 240]
    )
    func published(length: Int) throws {
        // The standard deviation of the share is 0.35 %.
        let rates = try rates(walks: 4000, length: length)
        print("rejections at n = \(length): Engle-Granger \(rates.engleGranger), plain ADF \(rates.adf)")
        #expect((0.04...0.07).contains(rates.engleGranger))
        #expect(rates.adf > 0.12)
    }

    @Test("Below the least number of observations even Engle-Granger rejects too often")
    func tooFew() throws {
        let rates = try rates(walks: 1500, length: 60)
        #expect(rates.engleGranger > 0.07)
        #expect(rates.adf > 0.15)
    }
}

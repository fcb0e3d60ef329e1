import MarketData
import TestSupport
import Testing

@testable import PairEngine

@Suite struct PairReadingsTests {
    @Test("Readings keep their order, and a change of one leaves copies and all others as they were")
    func copies() throws {
        let timeframes = [try Timeframe.sample("1s"), try Timeframe.sample("1m"), try Timeframe.sample("5m")]
        var readings = PairReadings(
            (0..<200).map { position in
                PairReading(pair: position, timeframe: timeframes[position % 3], window: 60, minimumFill: 0.9)
            }
        )
        #expect(readings.map(\.pair) == Array(0..<200))
        let before = readings
        for position in [0, 1, 96, 97, 199] {
            readings[position].observations = position + 1
            #expect(before[position].observations == 0)
        }
        let observations: Int = readings.map(\.observations).reduce(0, +)
        #expect(observations == 398)
        #expect(PairReadings().isEmpty)
    }
}

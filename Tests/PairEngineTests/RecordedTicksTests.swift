import Foundation
import MarketData
import PairStatistics
import TestSupport
import Testing

@testable import PairEngine

/// The correlation by ticks of BTC and ETH as recorded on 8 August 2024, in a folder that stands beside the repository
/// where there is one.
@Suite struct RecordedTicksTests {
    struct Market: Sendable, CustomTestStringConvertible {
        let path: String
        let symbols: [Substring]
        let correlation: ClosedRange<Double>

        var testDescription: String { path }
        var isPresent: Bool { SharedData.exists(path) }
    }

    private static let futures = Market(
        path: "data/binance-usdm-20240808/trades.csv.gz",
        symbols: ["BTCUSDT", "ETHUSDT"],
        correlation: 0.64...0.74
    )
    private static let spot = Market(
        path: "data/binance-spot-20240808/trades.csv.gz",
        symbols: ["BTCUSDT", "ETHUSDT"],
        correlation: 0.78...0.88
    )
    private static let markets = [futures, spot]

    private func trades(_ market: Market) throws -> [Trade] {
        try SharedData.lines(market.path).dropFirst().map { line in
            let columns = line.split(separator: ",", omittingEmptySubsequences: false)
            return Trade(
                instrument: InstrumentID(try #require(market.symbols.firstIndex(of: columns[2]))),
                id: try #require(Int64(columns[3])),
                time: Timestamp(microseconds: 1000 * (try #require(Int64(columns[0])))),
                price: try FixedDecimal(String(columns[4])),
                quantity: FixedDecimal(mantissa: 1, scale: 0),
                takerSide: .unknown
            )
        }
    }

    @Test(
        "Of the last trade of each second, the correlation is that of bars of 1 to 10 seconds; of all trades it is not",
        .enabled(if: markets.allSatisfy(\.isPresent), "the recorded trades are not beside the repository"),
        arguments: markets
    )
    func sampled(market: Market) throws {
        let trades = try trades(market)
        let definition = PairDefinition(
            name: "eth-btc",
            y: InstrumentID(1),
            x: InstrumentID(0),
            timeframes: [try .sample("1m")],
            windows: [60]
        )
        var correlator = TickCorrelator(definitions: [definition], horizon: 900_000_000)
        correlator.append(trades)
        correlator.advance(to: try #require(trades.last).time, budget: .max)
        let sampled = try correlator.correlations[0].get()
        print("\(market.path): \(sampled)")
        #expect(market.correlation.contains(sampled))

        let legs = [0, 1].map { leg in
            trades.filter { $0.instrument == InstrumentID(leg) }.map {
                TimedValue(time: $0.time.microseconds, value: log($0.price.doubleValue))
            }
        }
        #expect(try HayashiYoshida(x: legs[0], y: legs[1]).correlation < 0.3)
    }
}

import MarketData
import TestSupport
import Testing

@Suite(.enabled(if: RecordedTrades.arePresent, "the recorded trades are not beside the repository"))
struct RecordedTradesTests {
    private static let symbols: [Substring] = ["BTCUSDT", "ETHUSDT"]

    @Test("Bars of the pipeline equal a plain resampling of the file", arguments: ["1s", "7s", "1m"])
    func resampling(text: String) throws {
        let timeframe = try Timeframe.sample(text)
        let rows = try RecordedTrades.rows()
        #expect(rows.count == 35_389)
        var run = PipelineRun(instruments: 2, timeframes: [timeframe])
        run.send(try rows.map(Self.trade))
        let greatest = try #require(rows.map(\.milliseconds).max())
        run.finish(at: greatest)

        let length = timeframe.microseconds / 1000
        for (index, symbol) in Self.symbols.enumerated() {
            let groups = Dictionary(grouping: rows.filter { $0.symbol == symbol }) { $0.milliseconds / length }
            let first = try #require(groups.keys.min())
            let bars = run.bars(of: index)
            #expect(bars.map(\.slot) == Array(first..<(greatest / length)))
            var close = 0.0
            for bar in bars {
                let prices = try #require(bar.prices)
                guard let group = groups[bar.slot] else {
                    #expect(prices == .carried(close))
                    continue
                }
                let values = group.compactMap { Double($0.price) }
                close = values[values.count - 1]
                #expect(prices.open == values[0])
                #expect(prices.high == values.max())
                #expect(prices.low == values.min())
                #expect(prices.close == close)
                #expect(prices.trades == group.count)
                let volume = group.reduce(Int64(0)) { $0 + thousandths($1.quantity) }
                #expect(prices.volume == Double(volume) / 1000)
            }
            #expect(run.counts(of: index).late == 0)
            #expect(run.counts(of: index).gaps == 0)
        }
    }

    @Test("Prices and quantities are written again exactly")
    func letters() throws {
        for row in try RecordedTrades.rows() {
            let trade = try Self.trade(row)
            #expect(trade.price.description == row.price)
            #expect(trade.quantity.description == row.quantity)
        }
    }

    private static func trade(_ row: RecordedTrades.Row) throws -> Trade {
        Trade(
            instrument: InstrumentID(try #require(symbols.firstIndex(of: row.symbol))),
            id: row.id,
            time: .milliseconds(row.milliseconds),
            price: try FixedDecimal(String(row.price)),
            quantity: try FixedDecimal(String(row.quantity)),
            takerSide: .unknown
        )
    }

    /// A quantity of at most three decimals, as a whole number.
    private func thousandths(_ quantity: Substring) -> Int64 {
        let parts = quantity.split(separator: ".")
        let decimals = parts.count > 1 ? parts[1] : ""
        let digits = parts[0] + decimals + String(repeating: "0", count: 3 - decimals.count)
        return Int64(digits) ?? .min
    }
}

import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite struct SQLiteReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("reads instruments, timeframes and the last bars")
    func reads() async throws {
        let store = try Samples.store(folder.file())
        let bars = try (1...9).map { try Samples.bar($0, of: Samples.eth, close: Double($0)) }
        let hour = try #require(Timeframe("1h"))
        var long = bars[0]
        long.timeframe = hour
        _ = try await store.write(StoreBatch(bars: bars + [long]))
        try await store.close()

        let reader = try SQLiteReader(path: folder.file())
        #expect(try await reader.instruments() == [Samples.bitcoin, Samples.ether])
        #expect(try await reader.timeframes(of: Samples.ether) == [try Samples.minute(), hour])
        #expect(try await reader.timeframes(of: Samples.bitcoin) == [])
        let last = try await reader.bars(of: Samples.ether, timeframe: try Samples.minute(), last: 3)
        #expect(last == Array(bars.suffix(3)))
    }

    @Test("an error lists what the database has when it lacks what was requested")
    func missing() async throws {
        let path = folder.file()
        let store = try Samples.store(path)
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(1)]))
        try await store.close()

        let reader = try SQLiteReader(path: path)
        let minute = try Samples.minute()
        let hour = try #require(Timeframe("1h"))
        let unknown = Instrument(venue: .simulated, symbol: "X")
        let error = StoreError.unknownInstrument(
            path: path,
            instrument: unknown,
            known: [Samples.bitcoin, Samples.ether]
        )
        await #expect(throws: error) { try await reader.bars(of: unknown, timeframe: minute, last: 1) }
        #expect("\(error)".contains("binance-usdm:BTCUSDT, binance-usdm:ETHUSDT"))
        let noBars = StoreError.noBars(path: path, instrument: Samples.bitcoin, timeframe: hour, stored: [minute])
        await #expect(throws: noBars) { try await reader.bars(of: Samples.bitcoin, timeframe: hour, last: 1) }
        #expect("\(noBars)".contains("no 1h bars") && "\(noBars)".hasSuffix("has 1m"))
    }

    @Test("a missing file is not created")
    func notFound() throws {
        let path = folder.file()
        #expect(throws: StoreError.notFound(path: path)) { try SQLiteReader(path: path) }
        #expect(throws: StoreError.notFound(path: path)) { try SQLiteReader(path: path) }
    }

    @Test("reads complete transactions while another connection writes, without delaying it")
    func besideWriter() async throws {
        let store = try Samples.store(folder.file())
        let minute = try Samples.minute()
        let reader = try SQLiteReader(path: folder.file())
        // Each transaction raises the close of both bars by one, so a torn read would see two different values.
        let write = { @Sendable (value: Int) in
            _ = try await store.write(
                StoreBatch(
                    trades: [try Samples.trade(Int64(value))],
                    bars: try (1...2).map { try Samples.bar($0, close: Double(value)) }
                )
            )
        }
        try await write(0)
        try await withThrowingTaskGroup { group in
            group.addTask { for value in 1...300 { try await write(value) } }
            group.addTask {
                var seen = 0.0
                while seen < 300 {
                    let bars = try await reader.bars(of: Samples.bitcoin, timeframe: minute, last: 2)
                    let closes = bars.compactMap(\.prices?.close)
                    #expect(closes.count == 2 && closes.first == closes.last)
                    #expect(closes[0] >= seen)
                    seen = closes[0]
                }
            }
            try await group.waitForAll()
        }
        try await store.close()
    }
}

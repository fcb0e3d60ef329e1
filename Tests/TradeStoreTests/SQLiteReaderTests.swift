import MarketData
import TestSupport
import Testing

@testable import TradeStore

@Suite struct SQLiteReaderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
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

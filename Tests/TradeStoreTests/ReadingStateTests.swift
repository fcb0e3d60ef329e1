import Foundation
import MarketData
import TestSupport
import Testing

@testable import TradeStore

/// States of readings, from one run to the next.
@Suite struct ReadingStateTests {
    private let folder: TemporaryFolder
    private let minute: Timeframe

    init() throws {
        folder = try TemporaryFolder()
        minute = try Samples.minute()
    }

    private func slots(in store: any TradeStore, _ timeframe: Timeframe? = nil) async throws -> [Int64] {
        try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: timeframe ?? minute).map(\.slot)
    }

    @Test("a killed process leaves no state that includes a bar which is not stored")
    func crash() async throws {
        let store = try Samples.store(folder.file())
        for slot in Int64(1)...40 {
            _ = try await store.write(StoreBatch(bars: [try Samples.bar(slot)], states: [try Samples.state(slot)]))
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: folder.file() + "-wal"))
        let database = try Data(contentsOf: URL(fileURLWithPath: folder.file()))
        try await store.close()
        var seen: Set<Int64> = []
        // The log as it is on disk when the process ends while it writes.
        for length in stride(from: 0, through: log.count, by: 30_011) {
            let crashed = try TemporaryFolder()
            try database.write(to: URL(fileURLWithPath: crashed.file()))
            try log.prefix(length).write(to: URL(fileURLWithPath: crashed.file() + "-wal"))
            guard let recovered = try? Samples.store(crashed.file()) else { continue }
            let bars = try await recovered.bars(of: Samples.btc, timeframe: minute, last: 1).map(\.slot)
            #expect(try await slots(in: recovered) == bars)
            seen.formUnion(bars)
            try await recovered.close()
        }
        #expect(seen.count > 5)
    }
}

import Logging
import TestSupport
import Testing

@testable import TradeStore

@Suite struct FailureLogTests {
    @Test("continuing failures are logged every 30 s, and their end once")
    func rate() {
        let captured = CapturedLog()
        var log = FailureLog(logger: captured.logger)
        var told: [String] {
            captured.entries.map { entry in "\(entry.level) \(entry.metadata["failures"]?.description ?? "")" }
        }
        let start = ContinuousClock.now
        for second in 0..<70 {
            log.failed(StoreError.diskFull(path: "x"), at: start + .seconds(second))
        }
        #expect(told == ["error 1", "error 31", "error 61"])
        log.recovered(droppedTrades: 5)
        log.failed(StoreError.diskFull(path: "x"), at: start + .seconds(71))
        #expect(told.suffix(2) == ["notice 70", "error 1"])
    }
}

import Testing
import TradeFeeds

@Suite struct FeedCountersTests {
    @Test("every reason is present from the start, at zero")
    func start() {
        let counts = FeedCounters().snapshot()
        #expect(Set(counts.disconnects.keys) == Set(DisconnectReason.allCases))
        #expect(Set(counts.decodeFailures.keys) == Set(DecodeFailure.allCases))
        #expect(counts.disconnects.values.allSatisfy { $0 == 0 } && counts.decodeFailures.values.allSatisfy { $0 == 0 })
        #expect(counts.state == .stopped)
    }
}

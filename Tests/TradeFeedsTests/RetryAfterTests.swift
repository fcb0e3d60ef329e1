import Testing

@testable import TradeFeeds

@Suite struct RetryAfterTests {
    @Test(
        "the wait after a refusal follows from its header or its status",
        arguments: [
            (429, "7", Duration.seconds(7)), (503, "2", .seconds(2)), (429, nil, .seconds(60)),
            (418, nil, .seconds(120)),
            (418, "soon", .seconds(120)), (500, nil, nil), (200, nil, nil), (429, "99999999999", .seconds(259_200)),
        ] as [(Int, String?, Duration?)]
    )
    func patience(status: Int, header: String?, wait: Duration?) {
        #expect(RetryAfter.requestedWait(status: status, header: header) == wait)
    }
}

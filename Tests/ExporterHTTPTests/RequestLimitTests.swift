import Testing

@testable import ExporterHTTP

@Suite struct RequestLimitTests {
    @Test("a request above the limit is refused, and the next one is accepted when another has ended")
    func limit() async throws {
        let limit = RequestLimit(1)
        let inner = await limit.admit { await limit.admit { 1 } }
        #expect(inner == .some(nil))
        #expect(await limit.admit { 1 } == 1)
        #expect(limit.refusal == "Limit of concurrent requests reached (1), try again later.")
    }

    @Test("0 is no limit")
    func none() async throws {
        let limit = RequestLimit(0)
        #expect(await limit.admit { await limit.admit { 1 } } == 1)
    }
}

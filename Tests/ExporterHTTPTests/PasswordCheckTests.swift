import Foundation
import NIOEmbedded
import Testing

@testable import ExporterHTTP

@Suite struct PasswordCheckTests {
    /// The hash of "secret" at cost 4.
    private static let hash = "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"

    private func credentials(_ text: String) throws -> Credentials {
        try #require(Credentials(authorization: "Basic " + text))
    }

    @Test(
        "credentials are read as RFC 7617 defines them",
        arguments: [
            ("Basic YWxpY2U6c2VjcmV0", "alice", "secret"), ("basic YWxpY2U6YTpi", "alice", "a:b"),
            ("BASIC Og==", "", ""),
            ("Basic w7w6w58=", "ü", "ß"),
        ]
    )
    func read(header: String, user: String, password: String) throws {
        let credentials = try #require(Credentials(authorization: header))
        #expect(credentials.user == user)
        #expect(credentials.password == password)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "Basic", "Basic !", "Basic YWxpY2U=", "Bearer YTpi", "Basic /w=="]
    )
    func refused(header: String) {
        #expect(Credentials(authorization: header) == nil)
    }

    @Test(
        "a bcrypt hash is recognized by its form",
        arguments: [
            ("$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", true),
            ("$2b$04$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", true),
            ("$2y$3$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", false),
            ("$2y$32$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", false),
            ("$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeS", false),
            ("$6$salt$hash", false), ("secret", false), ("", false),
        ]
    )
    func form(text: String, isHash: Bool) {
        #expect(Bcrypt.isHash(text) == isHash)
    }

    private func isRight(
        _ check: PasswordCheck,
        _ credentials: Credentials,
        _ users: [String: String],
        from address: String = "a"
    ) async -> Bool {
        await check.answer(credentials, users: users, from: address) == .right
    }

    @Test("only the right password of a configured user is accepted, also repeatedly and concurrently")
    func check() async throws {
        let users = ["alice": Self.hash]
        let check = PasswordCheck()
        let right = try credentials("YWxpY2U6c2VjcmV0")
        let wrong = try credentials("YWxpY2U6c2VjcmV1")
        let unknown = try credentials("Ym9iOnNlY3JldA==")
        for _ in 0..<2 {
            #expect(await isRight(check, right, users))
            #expect(await !isRight(check, wrong, users))
            #expect(await !isRight(check, unknown, users))
            #expect(await !isRight(check, right, [:]))
        }
        let answers = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 { group.addTask { await isRight(check, index % 2 == 0 ? right : wrong, users) } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 100)
    }

    @Test("wrong passwords never evict the right one from the cache, a change of the user does")
    func memory() async throws {
        let users = ["alice": Self.hash]
        let check = PasswordCheck()
        let right = try credentials("YWxpY2U6c2VjcmV0")
        #expect(await isRight(check, right, users))
        for number in 0..<20 {
            let wrong = try credentials(Data("alice:no \(number)".utf8).base64EncodedString())
            #expect(await !isRight(check, wrong, users, from: "b"))
        }
        #expect(check.cachedAnswer(right, users: users) == .right)
        let changed = ["alice": Self.hash.replacing("$2y$", with: "$2b$")]
        #expect(check.cachedAnswer(right, users: changed) == nil)
        #expect(check.cachedAnswer(right, users: users) == nil)
    }

    @Test("an abandoned check ends at once, waiting or running, and the others continue")
    func abandoned() async throws {
        let thread = EmbeddedEventLoop()
        let check = PasswordCheck(on: thread)
        let users = ["alice": Self.hash]
        let right = try credentials("YWxpY2U6c2VjcmV0")
        let task = Task { await check.answer(right, users: users, from: "a") }
        task.cancel()
        #expect(await task.value == .abandoned)
    }

    @Test("a password is not truncated at a zero byte")
    func zero() {
        let hash = Self.hash
        #expect(Bcrypt.verify("secret", hash: hash))
        #expect(!Bcrypt.verify("secret\0", hash: hash))
        #expect(!Bcrypt.verify("", hash: hash))
    }
}

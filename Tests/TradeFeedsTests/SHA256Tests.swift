import Testing

@testable import TradeFeeds

/// Against the examples of FIPS 180-4 and NIST's test vectors.
@Suite struct SHA256Tests {
    @Test(
        "gives the published hashes, in whatever pieces the message comes",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 10_000),
                "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711"
            ),
        ],
        [1, 13, 64, 65, 100_000]
    )
    func published(message: (text: String, hash: String), size: Int) {
        var hash = SHA256()
        let bytes = Array(message.text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            hash.add(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(hash.text() == message.hash)
    }
}

import TestSupport
@testable import TradeFeeds

/// Damaged copies of messages, the same ones for the same seed.
struct Mutations {
    private static let alphabet = Array(#"{}[]":,\0123456789.-+eEtrufalsnTZ "#.utf8) + [0x00, 0x80, 0xC3, 0xFF]

    private var generator: SeededRandom

    init(seed: UInt64) {
        generator = SeededRandom(seed: seed)
    }

    /// The message with one to three bytes replaced, inserted or removed.
    mutating func next(of message: [UInt8]) -> [UInt8] {
        var bytes = message
        for _ in 0..<(1 + Int(generator.next() % 3)) {
            let position = Int(generator.next() % UInt64(bytes.count))
            let byte = Self.alphabet[Int(generator.next() % UInt64(Self.alphabet.count))]
            switch generator.next() % 3 {
            case 0: bytes[position] = byte
            case 1: bytes.insert(byte, at: position)
            default: bytes.remove(at: position)
            }
        }
        return bytes
    }
}

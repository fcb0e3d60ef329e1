package import Foundation

/// Writes bytes to a descriptor of any kind. A failure is returned and does not end the program. With a deadline, a
/// reader that does not read cannot block the caller.
package struct DescriptorWriter: Sendable {
    /// The result of a write.
    package struct Outcome: Sendable {
        /// Bytes that were written.
        package var written = 0
        /// The `errno` of what prevented the rest; 0 where all is written.
        package var errorNumber: Int32 = 0

        /// Whether all is written.
        package var isComplete: Bool { errorNumber == 0 }
    }

    /// A pipe that `poll` calls writable has room for at least this many bytes (`PIPE_BUF` of POSIX is 512, of Linux
    /// 4096).
    private static let pieceSize = 512

    package let descriptor: Int32

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes all bytes, one piece after another.
    /// - Parameter deadline: when to stop waiting for a reader that does not read; nil waits without limit.
    package func write(_ bytes: some ContiguousBytes, until deadline: ContinuousClock.Instant? = nil) -> Outcome {
        bytes.withUnsafeBytes { write($0, until: deadline) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, until deadline: ContinuousClock.Instant?) -> Outcome {
        var outcome = Outcome()
        while outcome.written < bytes.count {
            // Without room, a blocking descriptor would block the caller past its deadline.
            if let deadline, !isWritable(until: deadline) {
                outcome.errorNumber = ETIMEDOUT
                return outcome
            }
            let rest = bytes[outcome.written...]
            let piece = UnsafeRawBufferPointer(rebasing: deadline == nil ? rest : rest.prefix(Self.pieceSize))
            let count = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if count >= 0 {
                outcome.written += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                _ = isWritable(until: deadline)
            } else if errno != EINTR {
                outcome.errorNumber = errno
                return outcome
            }
        }
        return outcome
    }

    /// Waits until the descriptor has room, or until a write would fail at once.
    /// - Returns: whether that happened before the deadline.
    private func isWritable(until deadline: ContinuousClock.Instant?) -> Bool {
        while true {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let remaining = deadline.map { max(.zero, $0 - .now) }
            let milliseconds = remaining.map { Int32(min($0 / .milliseconds(1), 60_000).rounded(.up)) } ?? -1
            switch poll(&request, 1, milliseconds) {
            case 0: return false
            case let count where count < 0 && errno == EINTR: continue
            default: return true
            }
        }
    }
}

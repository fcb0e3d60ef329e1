import Foundation

/// Why something could not be written.
package struct OutputError: Error, Sendable, CustomStringConvertible {
    /// Where it was to go: the name of a file, or `standard output`.
    package let target: String
    /// What is wrong, and what to do where that is known.
    package let reason: String
    /// Whether the reader of standard output has closed it: it wants no more, which is no fault of the program.
    package let isUnwanted: Bool

    /// The name of the descriptor that a command answers on.
    package static let standardOutput = "standard output"

    package init(_ target: String, _ reason: String) {
        self.target = target
        self.reason = reason
        isUnwanted = false
    }

    /// The failure of a system call.
    package init(_ target: String, errorNumber: Int32) {
        self.target = target
        reason = String(cString: strerror(errorNumber))
        isUnwanted = errorNumber == EPIPE && target == Self.standardOutput
    }

    package var description: String { "\(target): cannot be written: \(reason)" }
}

import Foundation

/// Why something could not be written.
package struct OutputError: Error, Sendable, CustomStringConvertible {
    /// The target: the name of a file, or `standard output`.
    package let target: String
    /// What is wrong, and the remedy where it is known.
    package let reason: String
    /// Whether the reader of standard output has closed it, which is not an error of the program.
    package let isUnwanted: Bool

    /// The name of the descriptor of a command's result.
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

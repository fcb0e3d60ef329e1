/// Why a well-formed configuration prevents the start.
package struct StartError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what would be right.
    package let description: String

    init(_ error: any Error) {
        description = "\(error)"
    }
}

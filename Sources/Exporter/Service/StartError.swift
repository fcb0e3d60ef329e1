/// What in the configuration prevents the start, though the file itself is well formed.
package struct StartError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what would be right.
    package let description: String

    init(_ error: any Error) {
        description = "\(error)"
    }
}

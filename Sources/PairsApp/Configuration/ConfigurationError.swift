/// What is wrong in a configuration, where, and what would be right.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named, or `configuration` for the embedded one.
    package let file: String
    /// The line, from 1; nil when the error concerns the file itself.
    package let line: Int?
    /// The key with the keys around it, such as `bars.lateness`; empty for the complete document.
    package let key: String
    /// What is wrong and what would be right, in a sentence.
    package let problem: String

    /// `file:line: key: problem`.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.isEmpty ? "\(place): \(problem)" : "\(place): \(key): \(problem)"
    }
}

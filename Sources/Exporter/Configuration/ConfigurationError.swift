/// What is wrong in a configuration, where, and what would be right.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named, or `configuration` for the embedded one.
    public let file: String
    /// The line, from 1; nil when the trouble is the file itself.
    public let line: Int?
    /// The key with the keys around it, such as `bars.lateness`; empty for the whole document.
    public let key: String
    /// What is wrong and what would be right, in a sentence.
    public let problem: String

    /// `file:line: key: problem`.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.isEmpty ? "\(place): \(problem)" : "\(place): \(key): \(problem)"
    }
}

/// What is wrong in a CSV file, where, and what would be right.
public struct CSVError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named.
    public let file: String
    /// The line, from 1; nil when the trouble is the file itself.
    public let line: Int?
    /// What is wrong and what would be right, in a sentence.
    public let problem: String

    /// `file:line: problem`.
    public var description: String {
        (line.map { "\(file):\($0): " } ?? "\(file): ") + problem
    }
}

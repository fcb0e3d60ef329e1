/// Why the rows of a file or a database cannot be analysed, where, and what would be right.
package struct AnalysisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file or database as it was named; nil where the fault is in the request.
    package let file: String?
    /// The line, from 1; nil when the fault is not in one line.
    package let line: Int?
    /// What is wrong and what would be right.
    package let problem: String

    init(_ problem: String, file: String? = nil, line: Int? = nil) {
        self.problem = problem
        self.file = file
        self.line = line
    }

    /// `file:line: problem`.
    package var description: String {
        guard let file else { return problem }
        return (line.map { "\(file):\($0): " } ?? "\(file): ") + problem
    }
}

/// What is wrong with a file that a web configuration names.
package struct WebConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    package let file: String
    /// What is wrong.
    package let problem: String

    /// A problem with a file.
    package init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }

    /// `file: problem`.
    package var description: String { "\(file): \(problem)" }
}

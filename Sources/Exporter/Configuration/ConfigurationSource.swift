import Foundation

/// Where the configuration comes from, so that it can be taken again.
public struct ConfigurationSource: Sendable {
    /// The file; nil for the standard configuration.
    public let file: String?

    /// A source.
    public init(file: String?) {
        self.file = file
    }

    /// Reads the configuration.
    /// - Throws: ``ConfigurationError``.
    public func load() throws(ConfigurationError) -> Configuration {
        guard let file else { return try Configuration.standard() }
        return try Configuration(yaml: try text(of: file), file: file)
    }

    /// What the file says now; nil where it cannot be read.
    var text: String? {
        file.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    private func text(of file: String) throws(ConfigurationError) -> String {
        do {
            return try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            let exists = FileManager.default.fileExists(atPath: file)
            let problem = exists ? "is not readable as UTF-8 text" : "does not exist"
            throw ConfigurationError(file: file, line: nil, key: "", problem: problem)
        }
    }
}

/// The source of the configuration, from which it can be loaded again.
package struct ConfigurationSource: Sendable {
    /// The file; nil for the standard configuration.
    package let file: String?

    /// A source.
    package init(file: String?) {
        self.file = file
    }

    /// Reads the configuration.
    /// - Throws: ``ConfigurationError``.
    package func load() throws(ConfigurationError) -> Configuration {
        guard let file else { return try Configuration.standard() }
        return try Configuration(yaml: try ConfigurationText.read(file), file: file)
    }

    /// Reads the configuration again, which a file permits and a pipe does not.
    /// - Throws: ``ConfigurationError``.
    func reload() throws(ConfigurationError) -> Configuration {
        guard let file else { return try Configuration.standard() }
        return try Configuration(yaml: try ConfigurationText.read(file, isRepeated: true), file: file)
    }

    /// The present text of the file; nil where it cannot be read, and for a pipe.
    var text: String? {
        file.flatMap { try? ConfigurationText.read($0, isRepeated: true) }
    }
}

import ArgumentParser
import Exporter

/// Which database: the configuration's, or another in its place.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        name: .customLong("db"),
        help: ArgumentHelp("Database, in place of the configuration's.", valueName: "path")
    )
    var path: String?

    /// The configuration and the database file.
    func load() throws -> (configuration: Configuration, path: String) {
        let configuration = try configuration.load()
        let path = path ?? configuration.storage.path
        guard path != ":memory:" else {
            throw Failure(
                "storage.path is :memory:, which another process cannot see; name a database file with --db",
                status: .validationFailure
            )
        }
        return (configuration, path)
    }
}

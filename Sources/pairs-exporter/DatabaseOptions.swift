import ArgumentParser
import PairsApp

/// The database: the configuration's, or another one instead.
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
                "storage.path is :memory:, which another process cannot open; name a database file with --db",
                status: .validationFailure
            )
        }
        return (configuration, path)
    }
}

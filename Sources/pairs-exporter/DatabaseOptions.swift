import ArgumentParser

/// Which database: the configuration's, or another in its place.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        name: .customLong("db"),
        help: ArgumentHelp("Database, in place of the configuration's.", valueName: "path")
    )
    var path: String?
}

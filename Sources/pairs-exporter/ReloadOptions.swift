import ArgumentParser
import PairsApp

/// When the configuration is read again, besides SIGHUP.
struct ReloadOptions: ParsableArguments {
    @Flag(
        name: .customLong("web.enable-lifecycle"),
        help: "POST /-/reload reads the configuration again."
    )
    var isLifecycleEnabled = false

    @Flag(
        name: .customLong("config.enable-auto-reload"),
        help: "Read the configuration again when its file changes."
    )
    var isAutomatic = false

    @Option(
        name: .customLong("config.auto-reload-interval"),
        help: ArgumentHelp("How often to check the file.", valueName: "30s")
    )
    var interval = "30s"

    func validate() throws {
        guard DurationText.microseconds(interval).map({ $0 >= 100_000 }) ?? false else {
            throw ValidationError("--config.auto-reload-interval must be a duration such as 30s, at least 100ms")
        }
    }

    /// Copies the options.
    func apply(to options: inout ExporterOptions) {
        options.isLifecycleEnabled = isLifecycleEnabled
        options.autoReloadInterval = isAutomatic ? DurationText.microseconds(interval).map { .microseconds($0) } : nil
    }
}

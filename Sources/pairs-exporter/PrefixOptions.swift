import ArgumentParser
import ExporterHTTP

/// The prefix of the exporter's routes.
struct PrefixOptions: ParsableArguments {
    @Option(
        name: .customLong("web.external-url"),
        help: ArgumentHelp(
            "URL by which others reach the exporter, as behind a reverse proxy; its path is where routes begin.",
            valueName: "url"
        )
    )
    var externalURL: String?

    @Option(
        name: .customLong("web.route-prefix"),
        help: ArgumentHelp("Path at which routes begin; that of --web.external-url otherwise.", valueName: "path")
    )
    var routePrefix: String?

    func validate() throws { _ = try parsed() }

    /// Both together; a text that is not a URL or path is wrong usage.
    func parsed() throws -> RoutePrefix {
        do {
            return try RoutePrefix(externalURL: externalURL, route: routePrefix)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

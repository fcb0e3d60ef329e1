import ArgumentParser
import ExporterHTTP

/// Where the exporter listens.
struct ListenOptions: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Address that the exporter listens on.", valueName: "host:port")
    )
    var address = ":10200"

    /// The address; a text that is none is wrong usage.
    func parsed() throws -> ListenAddress {
        do {
            return try ListenAddress(parsing: address)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

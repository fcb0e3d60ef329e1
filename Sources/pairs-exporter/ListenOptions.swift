import ArgumentParser
import ExporterHTTP

/// Where the exporter listens.
struct ListenOptions: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Address that the exporter listens on; repeatable.", valueName: "host:port")
    )
    var addresses = [":10200"]

    /// The addresses, at least one; a text that is none is wrong usage.
    func parsed() throws -> [ListenAddress] {
        do {
            return try addresses.map { try ListenAddress(parsing: $0) }
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

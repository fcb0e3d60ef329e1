import ArgumentParser
import ExporterHTTP

/// The addresses of the exporter.
struct ListenOptions: ParsableArguments {
    @Option(
        name: .customLong("web.listen-address"),
        help: ArgumentHelp("Address that the exporter listens on; repeatable.", valueName: "host:port")
    )
    var addresses = [":10200"]

    /// The addresses, at least one; a text that is not an address is wrong usage.
    func parsed() throws -> [ListenAddress] {
        do {
            return try addresses.map { try ListenAddress(parsing: $0) }
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

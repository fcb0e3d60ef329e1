import ArgumentParser
import ExporterHTTP

/// Tells by its exit status whether an exporter on this machine is well.
struct Healthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask a running exporter whether it is healthy.",
        usage: "pairs-exporter healthcheck [--web.listen-address host:port] [--ready] [--tls]",
        discussion: """
            For containers, whose image holds no other program to ask with. Exit status: 0 yes, 1 no or no answer.
            """
    )

    @OptionGroup var listen: ListenOptions

    @Flag(help: "Ask whether it is ready: every feed flows and a window is warm.")
    var ready = false

    @Flag(help: "Ask by TLS. The certificate is not verified; nothing secret is sent.")
    var tls = false

    @Option(help: ArgumentHelp("Seconds to wait at most.", valueName: "seconds"))
    var timeout = 4.0

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout must be above 0 and at most 3600 seconds, not \(timeout)")
        }
    }

    func run() async throws {
        try await Failure.reported {
            do {
                let check = HealthCheck(
                    address: try listen.parsed(),
                    question: ready ? .ready : .healthy,
                    usesTLS: tls,
                    timeout: .seconds(timeout)
                )
                StandardOutput.write(try await check.run())
            } catch let error as HealthCheckError {
                throw Failure(error, status: .failure)
            }
        }
    }
}

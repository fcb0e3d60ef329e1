import ArgumentParser
import ExporterHTTP

/// Tells by its exit status whether an exporter on this machine is well.
struct Healthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask a running exporter whether it is healthy.",
        usage: "pairs-exporter healthcheck [--web.listen-address host:port] [--ready | --flowing] [--tls]",
        discussion: """
            For containers, whose image holds no other program to ask with. Exit status: 0 yes, 1 no or no answer.
            """
    )

    @OptionGroup var listen: ListenOptions
    @OptionGroup var prefix: PrefixOptions

    @Flag(help: "Ask whether it is ready: the past is loaded and a window is warm.")
    var ready = false

    @Flag(help: "Ask whether data arrives: the share of streams that flow is at least min_flowing_ratio.")
    var flowing = false

    @Flag(help: "Ask by TLS. The certificate is not verified; nothing secret is sent.")
    var tls = false

    @Option(help: ArgumentHelp("Seconds to wait at most.", valueName: "seconds"))
    var timeout = 4.0

    func validate() throws {
        if ready, flowing { throw ValidationError("--ready and --flowing are two questions; give one of them") }
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout must be above 0 and at most 3600 seconds, not \(timeout)")
        }
    }

    func run() async throws {
        try await Failure.reported {
            do {
                // One process serves all of its addresses.
                guard let address = try listen.parsed().first else { return }
                let check = HealthCheck(
                    address: address,
                    question: flowing ? .flowing : ready ? .ready : .healthy,
                    prefix: try prefix.parsed(),
                    usesTLS: tls,
                    timeout: .seconds(timeout)
                )
                let words = try await check.run()
                // The status is the answer: a full disk behind stdout makes no exporter unhealthy.
                try? StandardOutput.write(words)
            } catch let error as HealthCheckError {
                throw Failure(error, status: .failure)
            }
        }
    }
}

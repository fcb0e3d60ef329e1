import ArgumentParser
import ExporterHTTP

/// Reports by its exit status whether an exporter on this machine is healthy.
struct Healthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Check whether a running exporter is healthy.",
        usage: "pairs-exporter healthcheck [--web.listen-address host:port] [--ready | --flowing] [--tls]",
        discussion: """
            For containers, whose image has no other HTTP client. Exit status: 0 yes, 1 no or no response.
            """
    )

    @OptionGroup var listen: ListenOptions
    @OptionGroup var prefix: PrefixOptions

    @Flag(help: "Check whether it is ready: the past is loaded and a window is warm.")
    var ready = false

    @Flag(help: "Check whether data arrives: the share of streams that flow is at least min_flowing_ratio.")
    var flowing = false

    @Flag(help: "Use TLS. The certificate is not verified; nothing secret is sent.")
    var tls = false

    @Option(help: ArgumentHelp("Seconds to wait at most.", valueName: "seconds"))
    var timeout = 4.0

    func validate() throws {
        if ready, flowing { throw ValidationError("--ready and --flowing are different checks; give one of them") }
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
                let text = try await check.run()
                // The exit status is the result: a full disk behind stdout does not make an exporter unhealthy.
                try? StandardOutput.write(text)
            } catch let error as HealthCheckError {
                throw Failure(error, status: .failure)
            }
        }
    }
}

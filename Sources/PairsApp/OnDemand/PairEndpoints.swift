import ExporterHTTP
import MarketData
import PrometheusExposition

/// The routes about pairs: readings as JSON, any pair and window on demand, and the list of pairs for Prometheus.
struct PairEndpoints: Sendable {
    /// The market at the moment of the request.
    let market: @Sendable () -> ServingContext

    /// The prefix of the server's routes.
    var prefix = RoutePrefix.none

    var all: [Endpoint] {
        let runner = ProbeRunner()
        let pairs = SharedDocument(contentType: Self.json) { [market] in try PairDocument.all(market()) }
        let targets = SharedDocument(contentType: Self.json) { [market, prefix] in
            SharedDocument.Text(Self.targets(market().configuration, prefix).text + "\n")
        }
        return [
            Endpoint("/api/v1/pairs", pairs),
            Endpoint("/api/v1/pairs/{name}", pairs) { [market] request in
                let name = request.pathParameters["name"] ?? ""
                let configuration = market().configuration
                guard configuration.pairs.contains(where: { $0.name == name }) else {
                    throw EndpointError.notFound(Self.unknownPair(name, configuration))
                }
                return name
            },
            Endpoint("/probe") { [market] request in
                let market = market()
                return try await runner.run(ProbeRequest(request, market.configuration), market, request.accept)
            },
            Endpoint("/sd/pairs", targets),
        ]
    }

    private static let json = "application/json"

    static func unknownPair(_ name: String, _ configuration: Configuration) -> String {
        let names = configuration.pairs.map(\.name)
        let list = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        let hint = name.nearest(in: names).map { "; did you mean \($0)?" } ?? "."
        return "no pair is called \"\(name.excerpt)\"\(hint) The pairs are \(list)."
    }

    /// One target per pair (prometheus.io/docs/prometheus/latest/http_sd), for a scrape configuration that puts this
    /// exporter's address into `__address__`.
    private static func targets(_ configuration: Configuration, _ prefix: RoutePrefix) -> JSONValue {
        .array(
            configuration.pairs.map { pair in
                .object([
                    ("targets", .array([.string(pair.name)])),
                    (
                        "labels",
                        .object([
                            ("__metrics_path__", .string(prefix.path + "/probe")), ("__param_pair", .string(pair.name)),
                            ("__meta_pairs_y", .string("\(pair.y)")), ("__meta_pairs_x", .string("\(pair.x)")),
                        ])
                    ),
                ])
            }
        )
    }
}

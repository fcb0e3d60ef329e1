import ExporterHTTP
import MarketData
import PrometheusExposition

/// The routes about pairs: readings as JSON, any pair and window on demand, and the list of pairs for Prometheus.
struct PairEndpoints: Sendable {
    /// The market at the moment of the request.
    let market: @Sendable () -> MarketView

    var all: [Endpoint] {
        let runner = ProbeRunner()
        return [
            Endpoint("/api/v1/pairs") { _ in
                .json(JSONValue.array(try PairDocument.all(market())).text + "\n")
            },
            Endpoint("/api/v1/pairs/{name}") { request in
                let market = market()
                let name = request.pathParameters["name"] ?? ""
                guard let index = market.configuration.pairs.firstIndex(where: { $0.name == name }) else {
                    throw EndpointError.notFound(Self.unknownPair(name, market.configuration))
                }
                return .json(try PairDocument.all(market)[index].text + "\n")
            },
            Endpoint("/probe") { request in
                let market = market()
                return try await runner.run(ProbeRequest(request, market.configuration), market, request.accept)
            },
            Endpoint("/sd/pairs") { _ in .json(Self.targets(market().configuration).text + "\n") },
        ]
    }

    static func unknownPair(_ name: String, _ configuration: Configuration) -> String {
        let names = configuration.pairs.map(\.name)
        let list = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        let hint = name.nearest(in: names).map { "; did you mean \($0)?" } ?? "."
        return "no pair is called \"\(name)\"\(hint) The pairs are \(list)."
    }

    /// One target per pair (prometheus.io/docs/prometheus/latest/http_sd), for a scrape configuration that puts this
    /// exporter's address into `__address__`.
    private static func targets(_ configuration: Configuration) -> JSONValue {
        .array(
            configuration.pairs.map { pair in
                .object([
                    ("targets", .array([.string(pair.name)])),
                    (
                        "labels",
                        .object([
                            ("__metrics_path__", "/probe"), ("__param_pair", .string(pair.name)),
                            ("__meta_pairs_y", .string("\(pair.y)")), ("__meta_pairs_x", .string("\(pair.x)")),
                        ])
                    ),
                ])
            }
        )
    }
}

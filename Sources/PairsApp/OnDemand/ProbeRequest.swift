import ExporterHTTP
import MarketData
import PairEngine

/// A request for a probe that has been checked.
struct ProbeRequest: Sendable {
    /// The window lengths: longer ones would delay other probes.
    static let windows = 10...10_000
    static let parameters = ["pair", "y", "x", "timeframe", "window", "price", "debug"]

    /// The pair with the requested timeframes and windows.
    let pair: PairConfiguration
    /// Whether the answer is an explanation for people.
    let isDebugging: Bool

    /// Reads the parameters.
    /// - Throws: ``EndpointError`` with status 400 and a reason.
    init(_ request: EndpointRequest, _ configuration: Configuration) throws(EndpointError) {
        for (name, _) in request.query where !Self.parameters.contains(name) {
            let hint = name.nearest(in: Self.parameters).map { "; did you mean \($0)?" } ?? "."
            let known = Self.parameters.joined(separator: ", ")
            throw .badRequest("unknown parameter \(name.excerpt)\(hint) Known are \(known)")
        }
        for (name, value) in request.query {
            // A store may read a name up to its first NUL, so it would find another instrument.
            guard let control = value.firstControlCharacter else { continue }
            throw .badRequest("parameter \(name) holds the control character \(control); write printable text")
        }
        var pair = try Self.pair(request, configuration)
        if let text = try request.value("timeframe") {
            guard let timeframe = Timeframe(text) else {
                throw .badRequest("timeframe must be a bar length such as 1s, 5m or 1h, found \"\(text.excerpt)\"")
            }
            pair.settings.timeframes = [timeframe]
        }
        if let text = try request.value("window") {
            guard let window = Int(text), Self.windows.contains(window) else {
                throw .badRequest(
                    "window must be a whole number of bars from \(Self.windows.lowerBound) to "
                        + "\(Self.windows.upperBound), found \"\(text.excerpt)\""
                )
            }
            pair.settings.windows = [window]
        }
        if let text = try request.value("price") {
            guard let price = PriceScale(rawValue: text) else {
                throw .badRequest("price must be log or level, found \"\(text.excerpt)\"")
            }
            pair.settings.price = price
        }
        self.pair = pair
        let debug = try request.value("debug")
        guard debug == nil || debug == "true" || debug == "false" else {
            throw .badRequest("debug must be true or false, found \"\((debug ?? "").excerpt)\"")
        }
        isDebugging = debug == "true"
    }

    private static func pair(
        _ request: EndpointRequest,
        _ configuration: Configuration
    ) throws(EndpointError) -> PairConfiguration {
        let name = try request.value("pair")
        let y = try request.value("y")
        let x = try request.value("x")
        if let name {
            guard y == nil, x == nil else { throw .badRequest("give either pair, or y and x") }
            guard let pair = configuration.pairs.first(where: { $0.name == name }) else {
                throw .badRequest(PairEndpoints.unknownPair(name, configuration))
            }
            return pair
        }
        guard let y, let x else {
            throw .badRequest("give pair=NAME, or y=VENUE:SYMBOL and x=VENUE:SYMBOL, with timeframe and window")
        }
        let legs = try [("y", y), ("x", x)].map { (key, text) throws(EndpointError) in
            guard let instrument = Instrument(text) else {
                throw .badRequest(
                    "\(key) must be VENUE:SYMBOL, such as binance-usdm:ETHUSDT, found \"\(text.excerpt)\""
                )
            }
            return instrument
        }
        guard legs[0] != legs[1] else { throw .badRequest("y and x are both \(y); a pair needs two instruments") }
        var pair = PairConfiguration(
            name: "",
            y: legs[0],
            x: legs[1],
            settings: configuration.pairDefaults,
            line: nil
        )
        pair.name = "\(pair.y.symbol)-\(pair.x.symbol)"
        return pair
    }
}

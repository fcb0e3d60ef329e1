public import MarketData

/// Keeps the ticks of every instrument over a horizon, and tells when the correlation of pairs is due.
///
/// One ring per instrument, not per pair. Bars of a few seconds understate the correlation of a thin leg; ticks do not.
public struct TickCorrelator: Sendable {
    /// The latest correlation of each pair, in the order of the definitions.
    public private(set) var correlations: [Measured<Double>]
    /// Microseconds that ticks are kept.
    public private(set) var horizon: Int64
    private var pairs: [(y: Int, x: Int)]
    private var windows: [TickWindow]
    private var nextDue = Timestamp(microseconds: .min)

    /// Ticks forgotten and correlations renewed so many times per horizon.
    private static let renewals: Int64 = 90

    /// A correlator that has seen nothing.
    /// - Parameters:
    ///   - definitions: the pairs.
    ///   - instrumentCount: how many instruments the run has.
    ///   - horizon: microseconds that ticks are kept.
    public init(definitions: [PairDefinition], instrumentCount: Int, horizon: Int64) {
        pairs = definitions.map { (Int($0.y.index), Int($0.x.index)) }
        self.horizon = horizon
        windows = Array(repeating: TickWindow(), count: instrumentCount)
        correlations = Array(repeating: .failure(.warmingUp), count: definitions.count)
    }

    /// Goes on with other pairs of the same instruments; what is known of a pair that stays is kept.
    public mutating func replace(definitions: [PairDefinition], horizon: Int64) {
        let known = zip(pairs, correlations).map { (pair: $0, correlation: $1) }
        pairs = definitions.map { (Int($0.y.index), Int($0.x.index)) }
        correlations = pairs.map { pair in known.first { $0.pair == pair }?.correlation ?? .failure(.warmingUp) }
        self.horizon = horizon
        nextDue = Timestamp(microseconds: .min)
    }

    /// Takes a trade of the market.
    public mutating func append(_ trade: Trade) {
        let index = Int(trade.instrument.index)
        guard windows.indices.contains(index) else { return }
        windows[index].append(time: trade.time, price: trade.price.doubleValue)
    }

    /// The computation that is due at a moment of the feeds' clock, nil while there is none.
    public mutating func due(at now: Timestamp) -> TickCorrelationJob? {
        guard now >= nextDue else { return nil }
        nextDue = now + max(1_000_000, horizon / Self.renewals)
        for index in windows.indices { windows[index].forget(before: now - horizon) }
        return TickCorrelationJob(pairs: pairs, ticks: windows.map(\.recent))
    }

    /// Takes the result of a computation.
    public mutating func complete(_ correlations: [Measured<Double>]) {
        self.correlations = correlations
    }
}

import MarketData
import PairEngine
import SimulatedPairs
import Synchronization

/// Runs replays over many pairs on some threads, and keeps the journals that several rows read.
actor Study {
    /// Pairs of a kind whose replays run all tests; kinds that cost less have a multiple.
    let pairs: Int
    private let jobs: Int
    private let seed: UInt64
    private var journals: [Population: [Journal]] = [:]

    init(pairs: Int, jobs: Int, seed: UInt64) {
        self.pairs = pairs
        self.jobs = jobs
        self.seed = seed
    }

    /// The timeframe of all replays.
    static let timeframe = Timeframe("1m") ?? .second

    /// The journal of each pair, in the order of the pairs.
    func journals(of population: Population, count: Int) async -> [Journal] {
        if let known = journals[population], known.count >= count { return Array(known.prefix(count)) }
        let made = await map(population, count: count) { Journal($0) }
        journals[population] = made
        return made
    }

    /// A value for each pair of a kind, in the order of the pairs, whichever thread computes it.
    nonisolated func map<Value: Sendable>(
        _ population: Population,
        count: Int,
        _ body: @escaping @Sendable (SimulatedPair) -> Value
    ) async -> [Value] {
        let queue = Queue(count: count)
        let parts = await withTaskGroup(of: [(Int, Value)].self) { group in
            for _ in 0..<jobs {
                group.addTask { [seed] in
                    var part: [(Int, Value)] = []
                    while let number = queue.next() {
                        part.append((number, body(population.pair(number, seed: seed))))
                    }
                    return part
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        return parts.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Gives the numbers of pairs to threads, each once.
private final class Queue: Sendable {
    private let taken = Atomic(0)
    private let count: Int

    init(count: Int) {
        self.count = count
    }

    func next() -> Int? {
        let number = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < count ? number : nil
    }
}

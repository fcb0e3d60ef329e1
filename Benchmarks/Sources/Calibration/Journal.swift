import PairEngine
import PairStatistics
import SimulatedPairs

/// The results of a replay of one pair with all its tests, as the rows of the report need them.
struct Journal: Sendable {
    /// One run of the periodic tests, and the reading after it.
    struct Test: Sendable {
        let bar: Int
        let isProven: Bool
        let confidence: Double
        /// MacKinnon's p-value of the direction with the larger p.
        let pValue: Double
        let finiteSamplePValue: Double
        let calibratedPValue: Double
    }

    private(set) var tests: [Test] = []
    /// The bars at which `stationarity_risk` begins.
    private(set) var alarms: [Int] = []
    /// Bars of full windows at which it holds, and at which it is known.
    private(set) var alarmBars = 0
    private(set) var knownBars = 0
    /// The first bar of the stretch of a hundred in which x moves most: where the volatility burst is, in that market.
    let mostVolatileBar: Int

    /// Replays a pair from its first bar to its last.
    init(_ pair: SimulatedPair) {
        mostVolatileBar = Self.mostVolatileBar(of: pair.x)
        var replay = WindowReplay(timeframe: Study.timeframe, window: Population.window, tests: TestSettings())
        var last: TestOutcome?
        var begun: UInt32 = 0
        let position = Signal.allCases.firstIndex(of: .stationarityRisk) ?? 0
        for bar in pair.x.indices {
            replay.append((x: pair.x[bar], y: pair.y[bar], isCarried: pair.isCarried[bar]))
            let reading = replay.reading
            if reading.signals.entries[position] != begun {
                begun = reading.signals.entries[position]
                alarms.append(bar)
            }
            if bar >= Population.window, let holds = reading.holds(.stationarityRisk) {
                knownBars += 1
                if holds { alarmBars += 1 }
            }
            guard let outcome = reading.tests.value, outcome !== last else { continue }
            last = outcome
            guard let test = outcome.cointegration.value, let calibrated = outcome.calibratedPValue else { continue }
            tests.append(
                Test(
                    bar: bar,
                    isProven: reading.isProven,
                    confidence: reading.confidence ?? 0,
                    pValue: test.weaker.pValue,
                    finiteSamplePValue: test.finiteSamplePValue,
                    calibratedPValue: calibrated
                )
            )
        }
    }

    /// Whether the pair is proven after some test in these bars.
    func isProven(in bars: Range<Int>) -> Bool {
        tests.contains { bars.contains($0.bar) && $0.isProven }
    }

    /// Whether the pair is proven before a bar.
    func isProven(before bar: Int) -> Bool { lastTest(before: bar)?.isProven ?? false }

    /// The confidence before a bar.
    func confidence(before bar: Int) -> Double { lastTest(before: bar)?.confidence ?? 0 }

    /// The bar at which the pair is proven first.
    var firstProvenBar: Int? { tests.first { $0.isProven }?.bar }

    /// Tests that have no bar in common.
    var separateTests: [Test] { tests.filter { $0.bar >= Population.window && $0.bar % Population.window == 0 } }

    private func lastTest(before bar: Int) -> Test? { tests.last { $0.bar < bar } }

    private static func mostVolatileBar(of series: [Double]) -> Int {
        let length = 100
        let squares = zip(series.dropFirst(), series).map { ($0 - $1) * ($0 - $1) }
        guard squares.count > length else { return 0 }
        var sum = squares.prefix(length).reduce(0, +)
        var (largest, place) = (sum, 0)
        for index in length..<squares.count {
            sum += squares[index] - squares[index - length]
            if sum > largest { (largest, place) = (sum, index - length + 1) }
        }
        return place + 1
    }
}

package import MarketData
package import PairEngine
import RealModule

/// One window of one pair whose bars are made from values: simulations read in it what the program would publish.
package struct WindowReplay: Sendable {
    /// The closes of both legs in the pair's price scale, and whether one of them repeats an old price.
    package typealias Slot = (x: Double, y: Double, isCarried: Bool)

    private static let legs = (y: InstrumentID(0), x: InstrumentID(1))

    private let timeframe: Timeframe
    private let price: PriceScale
    private let tests: HistoryTests
    private var engine: PairEngine
    private var extremes = ExtremeFollower(of: 0)
    private var slot: Int64

    /// The reading after the last slot.
    package var reading: PairReading { engine.readings[0] }
    /// How the extremes of the z-score ended.
    package var efficacy: SignalEfficacy { extremes.efficacy }

    /// A window without slots.
    /// - Parameters:
    ///   - timeframe: the length of the bars.
    ///   - window: slots of the window.
    ///   - price: the scale of the values.
    ///   - minimumFill: share of the window that must be valid.
    ///   - tests: how the periodic tests run; nil leaves them out.
    ///   - thresholds: when signals begin and end.
    ///   - firstSlot: the slot of the first value; tests are due on a grid of slots.
    package init(
        timeframe: Timeframe,
        window: Int,
        price: PriceScale = .log,
        minimumFill: Double = EngineSettings().minimumFill,
        tests: TestSettings? = nil,
        thresholds: SignalThresholds = SignalThresholds(),
        firstSlot: Int64 = 0
    ) {
        self.timeframe = timeframe
        self.price = price
        self.tests = tests == nil ? .none : .all
        slot = firstSlot
        let pair = PairDefinition(
            name: "",
            y: Self.legs.y,
            x: Self.legs.x,
            timeframes: [timeframe],
            windows: [window],
            price: price,
            tests: tests ?? TestSettings(),
            signals: thresholds
        )
        engine = PairEngine(definitions: [pair], settings: EngineSettings(minimumFill: minimumFill))
    }

    /// Processes the next slot, nil for one whose trades are missing.
    package mutating func append(_ value: Slot?) {
        guard price == .log, let value else { return appendPrices(value) }
        appendPrices((x: .exp(value.x), y: .exp(value.y), isCarried: value.isCarried))
    }

    /// Processes the next slot, given by prices whatever the scale of the pair.
    package mutating func appendPrices(_ prices: Slot?) {
        let bars = [(Self.legs.y, prices?.y), (Self.legs.x, prices?.x)].map { leg, close in
            Bar(
                instrument: leg,
                timeframe: timeframe,
                slot: slot,
                state: prices.map { $0.isCarried ? .carried : .traded } ?? .gap,
                prices: close.map { .carried($0) }
            )
        }
        engine.replay(bars, tests: tests) { _, _ in }
        extremes.follow(engine)
        slot += 1
    }

    /// Skips slots of which neither leg has a bar.
    package mutating func skip(_ count: Int64) {
        slot += count
    }

    /// Runs the tests on the window as it is, where they were not due after the last slot.
    package mutating func test() {
        engine.test(0)
    }
}

package import MarketData
import PairStatistics

/// The state of the tests of a reading just before the test at ``slot``: a program that starts again continues from
/// there and has the readings of one that never stopped.
package struct ReadingMemory: Sendable, Equatable, Codable {
    /// The last bar of the state; its test has not been counted.
    package let slot: Int64
    let evidence: CointegrationEvidence
    let breaks: BreakSignal
    /// Nil in what an earlier version of the program has stored.
    let alerts: AlertMonitor?
}

/// The key of a memory: all that determines it but the bars.
package struct ReadingKey: Sendable, Hashable {
    /// The dependent leg.
    package let y: InstrumentID
    /// The regressor.
    package let x: InstrumentID
    /// The length of the bars.
    package let timeframe: Timeframe
    /// The length of the window in bars.
    package let window: Int
    /// The settings that determine which tests run on which data, as a text for comparison.
    package let settings: String

    /// Increased with every change of the evidence: a memory of another version is not used.
    private static let version = 1

    init(_ definition: PairDefinition, timeframe: Timeframe, window: Int, minimumFill: Double) {
        y = definition.y
        x = definition.x
        self.timeframe = timeframe
        self.window = window
        let tests = definition.tests
        settings =
            "evidence \(Self.version), price \(definition.price.rawValue), fill \(minimumFill), "
            + "every \(tests.countedInterval(window: window)), at least \(tests.minimumObservations)"
    }
}

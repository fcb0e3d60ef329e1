package import MarketData
import PairStatistics

/// What the tests of a reading have left, as it was just before the test at ``slot``: a program that starts again goes on
/// from there, and ends where one that never stopped would be.
package struct ReadingMemory: Sendable, Equatable, Codable {
    /// The last bar that is known here; its test has not been counted.
    package let slot: Int64
    let evidence: CointegrationEvidence
    let breaks: BreakSignal
    /// Nil in what an earlier version of the program has stored.
    let alerts: AlertMonitor?
}

/// Whose memory it is: all that decides about it but the bars.
package struct ReadingKey: Sendable, Hashable {
    /// The leg that is explained.
    package let y: InstrumentID
    /// The leg that explains.
    package let x: InstrumentID
    /// The length of the bars.
    package let timeframe: Timeframe
    /// The length of the window in bars.
    package let window: Int
    /// The settings that decide which tests run and what they see, in a text to be compared.
    package let settings: String

    /// Raised with every change of how evidence is made: a memory of another version is of no use.
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

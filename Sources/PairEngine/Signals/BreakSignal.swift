import MarketData
import PairStatistics

/// The signal `stationarity_risk`: a pair that was proven has stopped reverting.
///
/// A monitor is armed on the present window once the pair has been proven for a window, for
/// ``BreakMonitor/horizonWindows`` windows, then again if the pair is still proven. Its alarm begins the signal, which
/// ends once bars after the alarm alone prove the pair again, or after that horizon.
struct BreakSignal: Sendable, Equatable, Codable {
    /// One bar for the monitor.
    struct Step: Sendable {
        let slot: Int64
        /// Nil for a bar without a value, or with an old price of a leg.
        let values: (x: Double, y: Double)?
    }

    private let window: Int
    private let interval: Int
    private var monitor: BreakMonitor?
    private var armedSlot = Int64.min
    /// The first of the latest tests in a row that found the pair proven.
    private var provenSlot: Int64?
    private var alarmSlot: Int64?
    /// The evidence of bars after the alarm alone.
    private var laterEvidence: CointegrationEvidence?
    /// How often the signal has begun; not part of what is stored.
    var entries: UInt32 = 0

    private enum CodingKeys: String, CodingKey {
        case window, interval, monitor, armedSlot, provenSlot, alarmSlot, laterEvidence
    }

    /// - Parameter interval: bars between two tests that count.
    init(window: Int, interval: Int) {
        self.window = window
        self.interval = interval
    }

    /// Whether the signal holds.
    var isActive: Bool { alarmSlot != nil }

    private var horizon: Int64 { Int64(BreakMonitor.horizonWindows) &* Int64(window) }

    /// Adds the next bar.
    mutating func step(_ step: Step) {
        if let alarmSlot, step.slot &- alarmSlot >= horizon { end() }
        guard monitor != nil else { return }
        if let values = step.values {
            monitor?.step(x: values.x, y: values.y)
        } else {
            monitor?.skip()
        }
        if monitor?.hasAlarmed == true {
            monitor = nil
            alarmSlot = step.slot
            laterEvidence = CointegrationEvidence(window: window, step: interval)
            entries &+= 1
        } else if step.slot &- armedSlot >= horizon {
            monitor = nil
        }
    }

    /// Records a test that counts, after the bar it ended with.
    mutating func record(_ job: TestJob, _ judgement: Judgement) {
        if let alarmSlot, job.slot &- alarmSlot >= Int64(window), case .success(let test) = judgement.cointegration {
            _ = laterEvidence?.record(
                test,
                y: job.y,
                x: job.x,
                legPValues: (y: judgement.legs.y.value?.pValue, x: judgement.legs.x.value?.pValue),
                slot: job.slot
            )
            if laterEvidence?.isProven == true { end() }
        }
        provenSlot = judgement.evidence.isProven ? provenSlot ?? job.slot : nil
        // The first bars that prove a pair revert by chance faster than later ones, and old prices follow late, which
        // resembles a pull: later bars must not be compared with either.
        guard alarmSlot == nil, monitor == nil, job.isFresh, let provenSlot, job.slot &- provenSlot >= Int64(window)
        else {
            return
        }
        monitor = try? BreakMonitor(y: job.y, x: job.x, window: window)
        armedSlot = job.slot
    }

    private mutating func end() {
        alarmSlot = nil
        laterEvidence = nil
    }
}

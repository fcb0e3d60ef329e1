/// The state of one signal: hysteresis by two levels, dwell, and a memory of fixed length.
///
/// A signal begins when `dwell` steps in a row lie beyond the entry level and ends when `dwell` in a row lie beyond the
/// exit level, so that two changes are never closer than `dwell` steps. A signal that no such row has confirmed for
/// `memory` steps ends, unless another row has just begun. The state is therefore a function of the last `memory + 2 ·
/// dwell` steps only: their replay gives the state of a program that never stopped.
struct SignalMachine: Sendable, Equatable {
    /// Whether the signal holds.
    private(set) var isActive = false
    /// How often it has begun.
    var entries: UInt32 = 0

    /// Steps in a row beyond a level: positive beyond entry, negative beyond exit.
    private var streak: Int32 = 0
    /// Steps since the last row that confirmed the signal.
    private var age: Int32 = 0
    /// Steps since the last value.
    private var silence: Int32 = .max

    /// Whether the last value is recent enough for the state to be published.
    func isKnown(within steps: Int32) -> Bool { silence <= steps }

    /// Adds the next step; one without a value ends a row.
    mutating func step(_ evidence: Evidence, dwell: Int32, memory: Int32) {
        silence = evidence == .none ? silence == .max ? .max : silence + 1 : 0
        switch evidence {
        case .entry: streak = min(max(streak, 0) + 1, dwell)
        case .exit: streak = max(min(streak, 0) - 1, -dwell)
        case .between, .none: streak = 0
        }
        if streak == dwell {
            if !isActive { entries &+= 1 }
            isActive = true
            age = 0
        } else if isActive {
            age += 1
            if streak == -dwell || (age >= memory && streak <= 0) { isActive = false }
        }
    }

    /// Adds steps without a value.
    mutating func skip(_ steps: Int64, dwell: Int32, memory: Int32) {
        for _ in 0..<min(steps, Int64(memory) + 2 * Int64(dwell)) { step(.none, dwell: dwell, memory: memory) }
    }
}

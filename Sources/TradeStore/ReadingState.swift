package import MarketData

/// The stored state of one reading after its last bar: what it keeps of bars that retention may have removed.
///
/// A state follows from bars, so it belongs to the two instruments, whatever their streams. It is identified by them,
/// the timeframe, the window and the settings.
///
/// ```swift
/// let state = ReadingState(y: y, x: x, timeframe: minute, window: 240, settings: "price log, every 12", slot: slot, state: bytes)
/// _ = try await store.write(StoreBatch(bars: bars, states: [state]))
/// let states = try await store.readingStates(of: y, x, timeframe: minute)
/// ```
package struct ReadingState: Hashable, Sendable {
    /// What identifies a state in a store.
    struct Key: Hashable {
        let y: InstrumentID
        let x: InstrumentID
        let timeframe: Timeframe
        let window: Int
        let settings: String
    }

    /// The leg that is explained.
    package var y: InstrumentID
    /// The leg that explains.
    package var x: InstrumentID
    /// The length of the bars.
    package var timeframe: Timeframe
    /// Slots of the window.
    package var window: Int
    /// Everything else that the state depends on, such as the price scale, tests and thresholds. A store only compares
    /// it.
    package var settings: String
    /// The slot of the last bar that the state includes.
    package var slot: Int64
    /// The encoded state, which a store does not decode.
    package var state: [UInt8]

    /// A state from its parts.
    package init(
        y: InstrumentID,
        x: InstrumentID,
        timeframe: Timeframe,
        window: Int,
        settings: String,
        slot: Int64,
        state: [UInt8]
    ) {
        self.y = y
        self.x = x
        self.timeframe = timeframe
        self.window = window
        self.settings = settings
        self.slot = slot
        self.state = state
    }

    var key: Key { Key(y: y, x: x, timeframe: timeframe, window: window, settings: settings) }
}

extension [ReadingState] {
    /// Adds later states; a later state replaces an earlier one with the same key.
    mutating func merge(_ later: [ReadingState]) {
        guard !later.isEmpty else { return }
        remove(replacedBy: later)
        var keys: Set<ReadingState.Key> = []
        append(contentsOf: later.reversed().filter { keys.insert($0.key).inserted }.reversed())
    }

    /// Removes the states that later ones replace.
    mutating func remove(replacedBy later: [ReadingState]) {
        guard !isEmpty, !later.isEmpty else { return }
        let keys = Set(later.map(\.key))
        removeAll { keys.contains($0.key) }
    }
}

import MarketData

/// The state of one instrument at one moment; a reference, so that a copy of all is cheap.
final class InstrumentStatus: Sendable {
    let counts: InstrumentCounts
    /// Whether its stream is proven alive, by data on the present connection or because the venue has none.
    let isUp: Bool

    init(counts: InstrumentCounts = InstrumentCounts(), isUp: Bool = false) {
        self.counts = counts
        self.isUp = isUp
    }
}

/// The status of each instrument; an event renews only what it has changed.
struct InstrumentStatuses {
    /// The status of each instrument as of the last update.
    private(set) var latest = InstrumentMap<InstrumentStatus>()
    private var marks = InstrumentMap<Mark>()
    private var changed: [InstrumentID] = []
    /// Their count of missing ids falls as time passes.
    private var withOpenGaps: Set<InstrumentID> = []

    private struct Mark {
        var isUp = false
        var isChanged = false
    }

    /// Adds instruments whose streams are not proven alive.
    mutating func add(_ instruments: [InstrumentID]) {
        for instrument in instruments {
            marks[instrument] = Mark()
            markChanged(instrument)
        }
    }

    mutating func remove(_ instrument: InstrumentID) {
        marks[instrument] = nil
        latest[instrument] = nil
        withOpenGaps.remove(instrument)
    }

    /// Records that an instrument has a new status, which ``update(from:at:)`` reads.
    mutating func markChanged(_ instrument: InstrumentID) {
        guard let position = marks.position(of: instrument), !marks.elements[position].isChanged else { return }
        marks.elements[position].isChanged = true
        changed.append(instrument)
    }

    /// Records whether the stream of an instrument is proven alive.
    mutating func set(_ instrument: InstrumentID, isUp: Bool) {
        guard let position = marks.position(of: instrument) else { return }
        marks.elements[position].isUp = isUp
        markChanged(instrument)
    }

    /// Renews the statuses that have changed.
    /// - Parameters:
    ///   - pipeline: of the feed of all instruments that have changed.
    ///   - present: the present time, for use until the first trade shows the feed's own.
    mutating func update(from pipeline: VenuePipeline, at present: @autoclosure () -> Timestamp) {
        for instrument in withOpenGaps { markChanged(instrument) }
        let now = pipeline.now ?? present()
        var others: [InstrumentID] = []
        for instrument in changed {
            guard let position = marks.position(of: instrument) else { continue }
            guard let counts = pipeline.counts(of: instrument, at: now) else {
                others.append(instrument)
                continue
            }
            marks.elements[position].isChanged = false
            latest[instrument] = InstrumentStatus(counts: counts, isUp: marks.elements[position].isUp)
            if counts.unrepaired > 0 { withOpenGaps.insert(instrument) } else { withOpenGaps.remove(instrument) }
        }
        changed = others
    }
}

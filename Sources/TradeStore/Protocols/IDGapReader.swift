package import MarketData

/// Reads which ids of the run's streams are known to exist and are not stored.
package protocol IDGapReader: Sendable {
    /// The greatest id of the stream that is stored or inside a gap of any state, or nil when there is neither.
    func lastKnownID(of instrument: InstrumentID) async throws -> Int64?

    /// The gaps of the stream that are open, by ascending id.
    func openGaps(of instrument: InstrumentID) async throws -> [StoredIDGap]

    /// The gaps of the stream whose ids the venue does not have, by ascending id.
    func unrepairableGaps(of instrument: InstrumentID) async throws -> [StoredIDGap]

    /// The gaps of the stream's first numbering that overlap a range of ids, in any state, by ascending id.
    func gaps(of instrument: InstrumentID, overlapping ids: ClosedRange<Int64>) async throws -> [IDGap]
}

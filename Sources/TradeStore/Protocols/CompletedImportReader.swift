package import MarketData

/// Detects imports, also those of other processes.
package protocol CompletedImportReader: Sendable {
    /// The imports into the instruments of this run that were completed after a revision; 0 means all.
    /// - Returns: the revision for the next call, and the time that each import spans.
    func imports(
        after revision: Int64
    ) async throws -> (revision: Int64, imports: [(instrument: InstrumentID, times: ClosedRange<Timestamp>)])
}

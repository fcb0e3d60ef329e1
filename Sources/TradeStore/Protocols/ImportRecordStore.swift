package import MarketData

/// Records which files were imported, so that retention does not remove their rows and other processes detect them.
package protocol ImportRecordStore: Sendable {
    /// Whether an import of this content into a stream has been completed and not been forgotten.
    func isImported(checksum: String, into stream: InstrumentID) async throws -> Bool

    /// Records an import before its first row, so that retention does not remove its rows.
    func beginImport(_ range: ImportedRange, of instrument: InstrumentID) async throws

    /// Records that an import is complete, so that other processes detect it. Removes the states that a running
    /// exporter has written since the import began, because they do not include the imported bars.
    func completeImport(_ range: ImportedRange, of instrument: InstrumentID) async throws

    /// Permits retention to remove what was imported from these sources, or from all when nil.
    /// - Returns: the number of imports.
    func forgetImports(from sources: [String]?) async throws -> Int
}

import MarketData
import Testing

@testable import TradeStore

/// ``ImportRecordStore`` and ``CompletedImportReader``: which files were imported, and that others detect them.
@Suite struct ImportRecordContract {
    private func range(
        _ checksum: String,
        stream: String? = "file-1",
        source: String = "a.csv"
    ) throws -> ImportedRange {
        ImportedRange(
            instrument: Samples.bitcoin,
            stream: stream,
            timeframe: stream == nil ? try Samples.minute() : nil,
            checksum: checksum,
            source: source,
            ids: 1...9,
            times: Samples.time(1)...Samples.time(9)
        )
    }

    private static let streams = StreamTable([TradeStream(instrument: Samples.bitcoin, name: "file-1")])

    @Test("an import counts when it is complete, for its content and its stream", arguments: StoreKind.ofImports)
    func completion(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try place.openForImport(Self.streams)
        try await store.beginImport(range("a"), of: Samples.btc)
        #expect(try await !store.isImported(checksum: "a", into: Samples.btc))
        try await store.completeImport(range("a"), of: Samples.btc)
        #expect(try await store.isImported(checksum: "a", into: Samples.btc))
        #expect(try await !store.isImported(checksum: "b", into: Samples.btc))
        try await store.completeImport(range("bars", stream: nil), of: Samples.btc)
        #expect(try await !store.isImported(checksum: "bars", into: Samples.btc), "bars belong to no stream")
        try await store.close()
        let other = try place.openForImport(
            StreamTable([TradeStream(instrument: Samples.bitcoin, name: "file-2")])
        )
        #expect(try await !other.isImported(checksum: "a", into: Samples.btc))
        try await other.close()
    }

    @Test("a forgotten import may be repeated", arguments: StoreKind.ofImports)
    func forgetting(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try place.openForImport(Self.streams)
        for (checksum, source) in [("a", "a.csv"), ("b", "b.csv"), ("c", "b.csv")] {
            try await store.completeImport(range(checksum, source: source), of: Samples.btc)
        }
        #expect(try await store.forgetImports(from: ["none.csv"]) == 0)
        #expect(try await store.forgetImports(from: ["b.csv"]) == 2)
        #expect(try await store.isImported(checksum: "a", into: Samples.btc))
        #expect(try await !store.isImported(checksum: "b", into: Samples.btc))
        #expect(try await store.forgetImports(from: nil) == 1)
        #expect(try await store.forgetImports(from: nil) == 0)
        try await store.completeImport(range("b"), of: Samples.btc)
        #expect(try await store.isImported(checksum: "b", into: Samples.btc))
        try await store.close()
    }

    @Test("another store detects each completed import once, a repeated one again", arguments: StoreKind.allCases)
    func detection(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let store = try await place.open()
        #expect(try await store.imports(after: 0).revision == 0)
        let importer = try place.openForImport(Self.streams)
        try await importer.beginImport(range("a"), of: Samples.btc)
        #expect(try await store.imports(after: 0).imports.isEmpty)
        try await importer.completeImport(range("a"), of: Samples.btc)
        let first = try await store.imports(after: 0)
        #expect(first.imports.map(\.instrument) == [Samples.btc])
        #expect(first.imports.map(\.times) == [Samples.time(1)...Samples.time(9)])
        #expect(try await store.imports(after: first.revision).imports.isEmpty)
        #expect(try await store.imports(after: first.revision).revision == first.revision)
        try await importer.completeImport(range("a"), of: Samples.btc)
        try await importer.completeImport(range("b"), of: Samples.btc)
        let second = try await store.imports(after: first.revision)
        #expect(second.imports.count == 2 && second.revision > first.revision)
        #expect(try await store.imports(after: second.revision).imports.isEmpty)
        try await importer.close()
        try await store.close()
    }

    @Test("imports into instruments that are not part of the run are left out", arguments: StoreKind.allCases)
    func otherInstruments(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let importer = try place.openForImport(Self.streams)
        try await importer.completeImport(range("a"), of: Samples.btc)
        try await importer.close()
        let store = try await place.open(StreamTable([Samples.streams.streams[1]]))
        let found = try await store.imports(after: 0)
        #expect(found.imports.isEmpty && found.revision > 0)
        try await store.close()
    }

    @Test(
        "states that a running exporter wrote during an import are removed when it is complete",
        arguments: StoreKind.allCases
    )
    func importBesideExporter(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let minute = try Samples.minute()
        let store = try await place.open()
        let importer = try place.openForImport()
        let range = ImportedRange(
            instrument: Samples.ether,
            timeframe: minute,
            checksum: "c",
            source: "bars.csv",
            times: minute.openTime(of: 10)...minute.openTime(of: 20)
        )
        try await importer.beginImport(range, of: Samples.eth)
        _ = try await importer.addBars([try Samples.bar(10, of: Samples.eth)])
        _ = try await store.write(StoreBatch(states: [try Samples.state(9, window: 60), try Samples.state(30)]))
        let before = try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute)
        #expect(before.map(\.slot) == [9, 30])
        try await importer.completeImport(range, of: Samples.eth)
        let after = try await store.readingStates(of: Samples.btc, Samples.eth, timeframe: minute)
        #expect(after.map(\.slot) == [9])
        try await importer.close()
        try await store.close()
    }
}

import MarketData
import Testing

@testable import TradeStore

/// ``StoreReader``: everything that a store has, by the names of instruments and streams.
@Suite struct StoreReaderContract {
    @Test("lists instruments, streams and lengths of bars", arguments: StoreKind.ofImports)
    func catalog(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let plain = TradeStream(instrument: Samples.ether, name: "file-1")
        try await place.openForImport(StreamTable([plain])).close()
        let store = try await place.open()
        let hour = try #require(Timeframe("1h"))
        var long = try Samples.bar(1, of: Samples.eth)
        long.timeframe = hour
        let base = TradeNumbering.base(of: 1)
        let bars = try [4, 7].map { try Samples.bar($0, of: Samples.eth) } + [long]
        _ = try await store.write(StoreBatch(trades: [try Samples.trade(base + 5)], bars: bars))
        let reader = try store.reader()
        #expect(reader.path == place.path)
        #expect(try await reader.instruments() == [Samples.bitcoin, Samples.ether])
        let later = TradeStream(instrument: Samples.bitcoin, name: "aggTrade-2")
        let streams = Samples.streams.streams
        #expect(try await reader.streams() == [streams[0], later, streams[1], plain])
        #expect(try await reader.timeframes(of: Samples.ether) == [try Samples.minute(), hour])
        #expect(try await reader.timeframes(of: Samples.bitcoin) == [])
        #expect(try await reader.slots(of: Samples.ether, timeframe: try Samples.minute()) == 4...7)
        #expect(try await reader.slots(of: Samples.bitcoin, timeframe: hour) == nil)
        var ids: [Int64] = []
        try await reader.trades(of: later, from: Samples.time(0), through: Samples.time(9)) { ids += $0.map(\.id) }
        #expect(ids == [5], "the ids of a later numbering are the venue's")
        try await store.close()
    }

    @Test("reads bars by slots and from the end", arguments: StoreKind.ofImports)
    func bars(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let minute = try Samples.minute()
        let store = try await place.open()
        let bars = try [2, 3, 4, 8, 9].map { try Samples.bar($0, of: Samples.eth, close: Double($0)) }
        _ = try await store.write(StoreBatch(bars: bars))
        try await store.close()
        let reader = try place.openForReading()
        let last = try await reader.bars(of: Samples.ether, timeframe: minute, last: 3)
        #expect(last == Array(bars.suffix(2)), "slot 7 has no bar; the number of the instrument is its position")
        let earlier = try await reader.bars(of: Samples.ether, timeframe: minute, last: 2, through: 5)
        #expect(earlier.map(\.slot) == [3, 4])
        let some = try await reader.bars(of: Samples.ether, timeframe: minute, slots: 3...8)
        #expect(some.map(\.slot) == [3, 4, 8] && some.allSatisfy { $0.instrument == InstrumentID(0) })
        #expect(try await reader.firstSlot(of: Samples.ether, timeframe: minute, from: 5) == 8)
        #expect(try await reader.firstSlot(of: Samples.ether, timeframe: minute, from: 10) == nil)
        let unknown = Instrument(venue: .simulated, symbol: "X")
        #expect(try await reader.bars(of: unknown, timeframe: minute, slots: 0...9) == [])
        #expect(try await reader.slots(of: unknown, timeframe: minute) == nil)
    }

    @Test("an error lists what the store has when it lacks what was requested", arguments: StoreKind.ofImports)
    func missing(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let path = place.path
        let store = try await place.open()
        _ = try await store.write(StoreBatch(bars: [try Samples.bar(1)]))
        try await store.close()
        let reader = try place.openForReading()
        let minute = try Samples.minute()
        let hour = try #require(Timeframe("1h"))
        let unknown = Instrument(venue: .simulated, symbol: "X")
        let known = [Samples.bitcoin, Samples.ether]
        let error = StoreError.unknownInstrument(path: path, instrument: unknown, known: known)
        await #expect(throws: error) { try await reader.bars(of: unknown, timeframe: minute, last: 1) }
        await #expect(throws: error) { try await reader.timeframes(of: unknown) }
        #expect("\(error)".contains("binance-usdm:BTCUSDT, binance-usdm:ETHUSDT"))
        let noBars = StoreError.noBars(path: path, instrument: Samples.bitcoin, timeframe: hour, stored: [minute])
        await #expect(throws: noBars) { try await reader.bars(of: Samples.bitcoin, timeframe: hour, last: 1) }
        #expect("\(noBars)".contains("no 1h bars") && "\(noBars)".hasSuffix("has 1m"))
    }

    @Test("reads trades of one stream by id, and those of all streams by time", arguments: StoreKind.ofImports)
    func trades(kind: StoreKind) async throws {
        let place = try StorePlace(kind)
        let plain = TradeStream(instrument: Samples.ether, name: "file-1")
        let importer = try place.openForImport(StreamTable([plain]))
        let range = ImportedRange(
            instrument: Samples.ether,
            stream: "file-1",
            checksum: "a",
            source: "a.csv",
            ids: 1...2,
            times: Samples.time(2)...Samples.time(4)
        )
        try await importer.beginImport(range, of: InstrumentID(0))
        _ = try await importer.write(StoreBatch(trades: [try Samples.trade(1, at: 4), try Samples.trade(2, at: 2)]))
        try await importer.close()
        let store = try await place.open()
        let numbered = try [3, 5, 7].map { try Samples.trade($0, of: Samples.eth, at: $0) }
        _ = try await store.write(StoreBatch(trades: numbered))
        let reader = try store.reader()
        var found: [Int64] = []
        let (start, end) = (Samples.time(2), Samples.time(5))
        try await reader.trades(of: Samples.streams.streams[1], from: start, through: end) { trades in
            found += trades.map(\.id)
            #expect(trades.allSatisfy { $0.instrument == InstrumentID(0) })
        }
        #expect(found == [3, 5])
        var sorted: [Trade] = []
        try await reader.sortedTrades(of: Samples.ether, from: start, through: end) { sorted += $0 }
        #expect(sorted.map(\.time) == [2, 3, 4, 5].map(Samples.time) && sorted.map(\.id) == [1, 2, 3, 4])
        let unknown = TradeStream(instrument: Samples.ether, name: "other")
        try await reader.trades(of: unknown, from: start, through: end) { _ in Issue.record("no such stream") }
        try await reader.trades(of: plain, from: end, through: start) { _ in Issue.record("no such time") }
        try await store.close()
    }
}

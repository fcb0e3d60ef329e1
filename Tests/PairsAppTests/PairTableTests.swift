import ExporterHTTP
import MarketData
import PairStatistics
import TestSupport
import Testing

@testable import PairEngine
@testable import PairsApp

@Suite struct PairTableTests {
    private static let now: Int64 = 1_700_000_000_000_000

    /// A reading of a full window, whose last bar closed 5 s ago.
    private func reading(
        _ pair: Int = 0,
        window: Int = 240,
        z: Double? = 1,
        signals: SignalSet = [],
        alerts: SignalSet = [],
        isProven: Bool = false,
        evidence: Double? = nil,
        tradedAgo: Int64 = 5_000_000
    ) throws -> PairReading {
        let minute = try Timeframe.sample("1m")
        var reading = PairReading(pair: pair, timeframe: minute, window: window, minimumFill: 0.9)
        let moments = PairMoments(count: window, meanX: 0, meanY: 0, sumXX: 100, sumYY: 300, sumXY: 120)
        reading.fit = .success(try LinearFit(moments))
        reading.zScore = .success(z ?? 0.1)
        reading.forecastZScore = z.map { .success($0) } ?? .failure(.stale)
        reading.returnCorrelation = .success(0.8)
        reading.signals.known = .all
        reading.signals.active = signals
        reading.activeAlerts = alerts
        reading.isProven = isProven
        reading.evidence = evidence
        reading.observations = window
        reading.freshRatio = 1
        reading.closeTime = Timestamp(microseconds: Self.now - 5_000_000)
        reading.tradedTime = Timestamp(microseconds: Self.now - tradedAgo)
        return reading
    }

    /// The page's table of these readings of pairs "a", "b" and so on.
    private func table(_ readings: [PairReading]) throws -> LandingPage.Table {
        let count = (readings.map(\.pair).max() ?? 0) + 1
        let names = try (0..<count).map { String(UnicodeScalar(try #require(UInt8(exactly: 97 + $0)))) }
        let (y, x) = (try #require(Instrument("okx:ETH-USDT")), try #require(Instrument("okx:BTC-USDT")))
        let latestSnapshot = LatestSnapshot()
        var feed = FeedSnapshot()
        feed.now = Timestamp(microseconds: Self.now)
        latestSnapshot.publish(MarketSnapshot(readings: PairReadings(readings), feeds: [feed]))
        return PairTable(
            pairs: names.map { PairConfiguration(name: $0, y: y, x: x, settings: PairSettings(), line: nil) },
            staleness: StalenessRule(
                definitions: names.map { name in
                    PairDefinition(name: name, y: InstrumentID(0), x: InstrumentID(1), timeframes: [], windows: [])
                },
                feedOfInstrument: InstrumentMap([InstrumentID(0), InstrumentID(1)], value: 0),
                isLive: [true],
                carryLimit: 20
            ),
            latestSnapshot: latestSnapshot,
            wallClock: { Timestamp(microseconds: Self.now) }
        ).table
    }

    private func headings(_ table: LandingPage.Table) -> [String] {
        table.rows.map { $0.cells[0].text }
    }

    @Test(
        "A p-value is never shown as zero",
        arguments: [
            (0, "<0.001"), (1e-12, "<0.001"), (0.00099, "<0.001"), (0.001, "0.001"), (0.0496, "0.050"), (1, "1.000"),
        ]
    )
    func probability(value: Double, text: String) {
        #expect(PairTable.probability(value) == text)
    }

    @Test(
        "An age has its largest suitable unit, and is never negative",
        arguments: [
            (-3_000_000, "0 s ago"), (999_999, "0 s ago"), (119_000_000, "119 s ago"), (120_000_000, "2 min ago"),
            (7_199_000_000, "119 min ago"), (7_200_000_000, "2 h ago"), (172_800_000_000, "2 days ago"),
        ] as [(Int64, String)]
    )
    func age(microseconds: Int64, text: String) {
        #expect(PairTable.age(microseconds) == text)
    }

    @Test("Every row has a cell for each column, and so has every folded one")
    func cells() throws {
        let table = try table([reading(), reading(window: 1000), reading(1, z: nil, tradedAgo: 3_600_000_000)])
        for row in table.rows {
            #expect(row.cells.count == table.header.count)
            for fold in row.folds {
                #expect(fold.table.header.count == table.header.count)
                #expect(fold.table.header.allSatisfy { $0.key == nil })
                #expect(fold.table.rows.allSatisfy { $0.cells.count == table.header.count })
            }
        }
    }

    @Test("A pair has one row, with the sentences of the reading that it shows; the others are folded in their order")
    func oneRow() throws {
        let table = try table([
            reading(window: 60), reading(window: 120), reading(window: 240, z: 2.5, signals: .zScoreExtreme),
            reading(window: 1000), reading(1),
        ])
        #expect(headings(table) == ["a", "b"])
        let row = table.rows[0]
        #expect(row.cells[0].detail == "1m bars, window 240")
        #expect(row.cells[0].address == "/probe?pair=a&timeframe=1m&window=240&debug=true")
        #expect(row.cells[1].text == "stretched" && row.cells[1].tone == .warning)
        #expect(row.notes.count == 3 && row.notes[0].contains("far from its line"))
        #expect(row.folds.map(\.summary) == ["3 other readings: 3 calm"])
        let folded = row.folds[0].table.rows
        #expect(folded.map { $0.cells[0].text } == [60, 120, 1000].map { "1m bars, window \($0)" })
        #expect(folded.allSatisfy { $0.notes.isEmpty && $0.cells[1].text == "calm" })
        #expect(table.rows[1].folds.isEmpty)
    }

    @Test("Alerts come first, then signals, stale readings, proven pairs by distance, and the others by confidence")
    func attention() throws {
        let inOrder: [(_ pair: Int, _ window: Int) throws -> PairReading] = [
            { try reading($0, window: $1, z: 2.2, signals: .zScoreExtreme, alerts: .zScoreExtreme) },
            { try reading($0, window: $1, z: 2.1, signals: .correlationBreakdown, isProven: true, evidence: 80) },
            { try reading($0, window: $1, z: 6, signals: .zScoreExtreme) },
            { try reading($0, window: $1, z: 9, isProven: true, evidence: 80, tradedAgo: 3_600_000_000) },
            { try reading($0, window: $1, z: -1.9, isProven: true, evidence: 30) },
            { try reading($0, window: $1, z: 1.2, isProven: true, evidence: 90) },
            { try reading($0, window: $1, z: 1, evidence: 10) },
            { try reading($0, window: $1, z: 3, evidence: 2) },
            { try reading($0, window: $1, z: 4) },
            { try reading($0, window: $1, z: nil, isProven: true, evidence: 80) },
        ]
        let mixed = [7, 2, 9, 0, 5, 8, 3, 1, 6, 4]
        let all = try table(mixed.enumerated().map { pair, place in try inOrder[place](pair, 240) })
        let places = headings(all).compactMap { name in name.utf8.first.map { mixed[Int($0) - 97] } }
        #expect(places == Array(inOrder.indices))
        #expect(all.rows[0].cells[1].detail == "alert" && all.rows[0].cells[1].tone == .alarm)
        #expect(all.rows.dropFirst().allSatisfy { $0.cells[1].detail.isEmpty })
        // The same rule chooses the reading of a pair.
        for place in inOrder.indices.dropLast() {
            let pair = try table([inOrder[place + 1](0, 240), inOrder[place](0, 1000)])
            #expect(pair.rows.map { $0.cells[0].detail } == ["1m bars, window 1000"])
        }
    }

    @Test("A stale reading is marked, shows no figure, and still shows when its last bar closed")
    func stale() throws {
        let row = try table([reading(z: 4, isProven: true, evidence: 80, tradedAgo: 3_600_000_000)]).rows[0]
        #expect(row.cells[1].text == "stale" && row.cells[1].tone == .missing)
        let figures = row.cells[2..<(row.cells.count - 1)]
        #expect(figures.count == 9)
        #expect(figures.allSatisfy { $0.text == "–" && $0.rank == nil && $0.detail.isEmpty })
        #expect(row.cells[row.cells.count - 1].text == "2023-11-14T22:13:15Z")
        #expect(row.cells[row.cells.count - 1].detail == "5 s ago; last trade 60 min ago")
    }

    @Test("Distances are sorted by size, everything else by value; a cell without a value has no rank")
    func ranks() throws {
        let table = try table([reading(z: -2.5), reading(1, z: nil)])
        let position = try #require(table.header.firstIndex { $0.key == "z" })
        #expect(table.rows.map { $0.cells[position].rank } == [2.5, nil])
        #expect(table.rows.map { $0.cells[position].text } == ["-2.50", "–"])
        #expect(table.sort == "attention")
        #expect(Set(table.header.compactMap(\.key)).count == table.header.count)
    }

    @Test("Without a reading there is no row, and the page states it")
    func nothing() throws {
        let table = try table([])
        #expect(table.rows.isEmpty)
        #expect(table.caption == "There is no reading yet.")
    }
}

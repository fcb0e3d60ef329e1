import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds
import TradeFiles
import TradeStore

@testable import PairsApp
@testable import PairsTools

/// However a list of trades is split into files, its rows and bars are those of the complete list.
@Suite struct ImportOrderTests {
    /// A trade of a list.
    private struct Listed: Hashable {
        var symbol: String
        var time: Int64
        var id: Int64
        var price: Int
        var quantity: Int
    }

    /// The contents of a database.
    private struct Contents: Hashable {
        var trades: [String]
        var bars: [String]
        var gaps: Set<String>
    }

    private static let start: Int64 = 1_723_075_200_000
    private static let settings = ["1s", "1m"]

    /// Trades in the order in which they happened, two in three of them in a moment of several; all symbols end
    /// together.
    private func list(_ random: inout SeededRandom, isTied: Bool) -> [Listed] {
        var trades: [Listed] = []
        for symbol in ["A", "B"] {
            var time = Self.start
            for id in 1...Int64.random(in: 20...80, using: &random) {
                if !isTied || Int.random(in: 0..<3, using: &random) == 0 {
                    time += [1, 400, 1_000, 20_000, 61_000, 100_000].randomElement(using: &random) ?? 1
                }
                // No two trades of a moment are equal: it could not be decided whether the second repeats the first.
                let price = 1_000 + Int(id) * 7 % 97
                trades.append(Listed(symbol: symbol, time: time, id: id, price: price, quantity: Int(id)))
            }
        }
        let end = (trades.map(\.time).max() ?? Self.start) + 1
        for symbol in ["A", "B"] {
            let id = (trades.last { $0.symbol == symbol }?.id ?? 0) + 1
            trades.append(Listed(symbol: symbol, time: end, id: id, price: 999, quantity: 1))
        }
        return trades.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// Pieces that follow each other or overlap, each in some order.
    private func pieces(_ trades: [Listed], _ random: inout SeededRandom, canShuffle: Bool) -> [[Listed]] {
        let cuts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            Int.random(in: 1..<trades.count, using: &random)
        }
        let edges = ([0] + cuts + [trades.count]).sorted()
        let reach = [0, 5, trades.count].randomElement(using: &random) ?? 0
        return zip(edges, edges.dropFirst()).compactMap { first, end in
            let lower = max(0, first - Int.random(in: 0...reach, using: &random))
            let upper = min(trades.count, end + Int.random(in: 0...reach, using: &random))
            var piece = Array(trades[lower..<upper])
            let counts = Dictionary(grouping: piece, by: \.symbol).values
            // A file with trades of only one moment does not show their direction.
            let hasDirection = counts.allSatisfy { $0.count == 1 || Set($0.map(\.time)).count > 1 }
            switch Int.random(in: 0..<3, using: &random) {
            case 0 where hasDirection: piece.reverse()
            case 1 where canShuffle: piece.shuffle(using: &random)
            default: break
            }
            return piece.isEmpty ? nil : piece
        }
    }

    private func write(_ trades: [Listed], isNumbered: Bool, to path: String) throws {
        let rows = trades.map { trade in
            (isNumbered ? "\(trade.id)," : "") + "\(trade.time),\(trade.symbol),\(trade.price).5,\(trade.quantity)"
        }
        try ([(isNumbered ? "trade_id," : "") + "ts_ms,symbol,price,qty"] + rows).joined(separator: "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func imported(_ groups: [[String]], into database: String) async throws -> Contents {
        let configuration = try Configuration(yaml: "timeframes: [1s, 1m]", file: "test.yml")
        let settings = ImportSettings(
            configuration,
            path: database,
            naming: TradeFileNaming(venue: .coinbase),
            timeframe: nil
        )
        for paths in groups {
            for outcome in try await Importer(settings: settings).run(paths) { _ = try outcome.result.get() }
        }
        let reader = try settings.location.openForReading()
        var contents = Contents(trades: [], bars: [], gaps: [])
        for stream in try await reader.streams() {
            try await reader.trades(
                of: stream,
                from: Timestamp(microseconds: .min),
                through: Timestamp(microseconds: .max)
            ) { trades in
                contents.trades += trades.map {
                    "\(stream.instrument) \($0.time) \($0.price) \($0.quantity) \(stream.isNumbered ? $0.id : 0)"
                }
            }
        }
        contents.trades.sort()
        for instrument in try await reader.instruments() {
            for label in Self.settings {
                let timeframe = try #require(Timeframe(label))
                contents.bars += try await reader.bars(of: instrument, timeframe: timeframe, slots: .min...Int64.max)
                    .map { bar in "\(instrument) \(label) \(bar.slot) \(bar.state) \(String(describing: bar.prices))" }
            }
        }
        return contents
    }

    @Test("bars and rows are those of the complete list", arguments: 0..<24)
    func property(number: Int) async throws {
        let seed = UInt64.random(in: 0...(.max))
        var random = SeededRandom(seed: seed)
        let isNumbered = number.isMultiple(of: 3)
        let isTied = isNumbered || number.isMultiple(of: 2)
        let trades = list(&random, isTied: isTied)
        let folder = try TemporaryFolder()
        let whole = folder.file("whole.csv")
        try write(trades, isNumbered: isNumbered, to: whole)
        let expected = try await imported([[whole]], into: folder.file("whole.sqlite"))
        let paths = try pieces(trades, &random, canShuffle: isNumbered || !isTied).enumerated().map { index, piece in
            let path = folder.file("\(index).csv")
            try write(piece, isNumbered: isNumbered, to: path)
            return path
        }.shuffled(using: &random)
        let isOneImport = Bool.random(using: &random)
        let groups = isOneImport ? [paths] : paths.map { [$0] }
        let found = try await imported(groups, into: folder.file("pieces.sqlite"))
        let foundInMemory = try await imported(groups, into: StoreLocation.memoryPath)
        let comment: Comment = "seed \(seed), number \(number), files \(paths), one import: \(isOneImport)"
        #expect(found.trades == expected.trades, comment)
        #expect(found.bars == expected.bars, comment)
        #expect(foundInMemory == found, comment)
    }

    @Test("a list that ends before another of its import carries its close up to the same end")
    func oneEnd() async throws {
        let folder = try TemporaryFolder()
        let often = (0..<120).map { second in
            Listed(symbol: "A", time: Self.start + second * 1_000, id: second + 1, price: 10, quantity: 1)
        }
        let seldom = [Listed(symbol: "B", time: Self.start + 100_000, id: 1, price: 20, quantity: 1)]
        for isNumbered in [true, false] {
            try write(often, isNumbered: isNumbered, to: folder.file("often.csv"))
            try write(seldom, isNumbered: isNumbered, to: folder.file("seldom.csv"))
            let files = [folder.file("seldom.csv"), folder.file("often.csv")]
            let found = try await imported([files], into: folder.file("\(isNumbered).sqlite"))
            #expect(found.bars.count { $0.hasPrefix("coinbase:B 1s") } == 19, "from second 100 to 118")
        }
    }

    @Test("a list that precedes what is on disk has its last close carried up to the end of the import")
    func oneEndBehindLaterTrades() async throws {
        let folder = try TemporaryFolder()
        let moments: [(name: String, symbol: String, second: Int64)] = [
            ("late", "A", 50), ("early", "A", 0), ("other", "B", 100),
        ]
        for (name, symbol, second) in moments {
            let time = Self.start + second * 1_000
            let trade = Listed(symbol: symbol, time: time, id: second + 1, price: 10, quantity: 1)
            try write([trade], isNumbered: false, to: folder.file("\(name).csv"))
        }
        let groups = [["late"], ["other", "early"]].map { $0.map { folder.file("\($0).csv") } }
        let found = try await imported(groups, into: folder.file("found.sqlite"))
        // Each second with a trade has its bar, and twenty bars carry its close.
        #expect(found.bars.count { $0.hasPrefix("coinbase:A 1s") } == 42)
    }

    @Test("trades with ids replace equal trades without, whichever file comes first")
    func numbersReplace() async throws {
        let folder = try TemporaryFolder()
        let trades = (0..<90).map { second in
            Listed(symbol: "A", time: Self.start + second / 3 * 1_000, id: second + 1, price: Int(second), quantity: 1)
        }
        try write(Array(trades[..<60]), isNumbered: false, to: folder.file("plain.csv"))
        try write(Array(trades[31...]), isNumbered: true, to: folder.file("ids.csv"))
        let files = [folder.file("plain.csv"), folder.file("ids.csv")]
        try write(trades, isNumbered: false, to: folder.file("whole.csv"))
        let whole = try await imported([[folder.file("whole.csv")]], into: folder.file("whole.sqlite"))
        let first = try await imported(files.map { [$0] }, into: folder.file("first.sqlite"))
        let second = try await imported(files.reversed().map { [$0] }, into: folder.file("second.sqlite"))
        #expect(first.trades == second.trades && first.trades.count == 90)
        #expect(first.trades.count { !$0.hasSuffix(" 0") } == 59)
        #expect(first.bars == whole.bars && second.bars == whole.bars)
    }
}

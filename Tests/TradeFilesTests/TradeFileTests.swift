import Foundation
import MarketData
import TestSupport
import Testing
import TradeFeeds

@testable import TradeFiles

@Suite struct TradeFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(
        _ text: String,
        name: String = "trades.csv",
        naming: TradeFileNaming = TradeFileNaming(venue: .binanceUSDM)
    ) throws -> TradeFile {
        let path = folder.file(name)
        let table = name.hasPrefix("BTCUSDT") ? text : Fixtures.table(text)
        try table.write(toFile: path, atomically: true, encoding: .utf8)
        return try TradeFile(path: path, naming: naming, frames: .binance)
    }

    private func trades(_ file: TradeFile) async throws -> [String] {
        var found: [String] = []
        try await file.read(batchSize: { 2 }) { records, _ in
            #expect(records.count <= 2)
            found += records.map {
                "\(file.streams[$0.instrument]) \($0.id) \($0.time.microseconds) \($0.price) \($0.quantity) \($0.takerSide)"
            }
        }
        return found
    }

    private static let aggregate = "binance-usdm:BTCUSDT@aggTrade 7 1723161256322000 61800.3 0.006 sell"
    private static let single = "binance-usdm:BTCUSDT@trade 7 1723161256322000 61800.3 0.006 sell"

    @Test(
        "a dump of Binance is read with and without a header, in milliseconds and microseconds",
        arguments: [
            (
                "aggTrades",
                "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
                    + "7,61800.3,0.006,1,2,1723161256322,true\n", aggregate
            ),
            ("aggTrades", "7,61800.3,0.006,1,2,1723161256322,True\n", aggregate),
            (
                "trades",
                "id,price,qty,quote_qty,time,is_buyer_maker\n7,61800.3,0.006,370.8,1723161256322,true\n", single
            ),
            ("trades", "7,61800.3,0.006,370.8,1723161256322,true\n", single),
            (
                "trades", "7,61800.3,0.006,370.8,1723161256322000,True,True\n",
                single.replacing("usdm", with: "spot")
            ),
            (
                "aggTrades", "7,61800.3,0.006,1,2,1723161256322000,True,True\n",
                aggregate.replacing("usdm", with: "spot")
            ),
        ]
    )
    func dumps(kind: String, text: String, expected: String) async throws {
        let file = try file(text, name: "BTCUSDT-\(kind)-2024-08-08.csv", naming: TradeFileNaming())
        #expect(try await trades(file) == [expected])
        #expect(file.isNumbered && file.refused.count == 0)
    }

    @Test(
        "a dump of coin-margined futures does not state a venue",
        arguments: [
            (
                "BTCUSD_PERP-trades-2024-08-08.csv",
                "id,price,qty,base_qty,time,is_buyer_maker\n1,55000.1,1,0.0018,1723075200000,true\n"
            ),
            ("BTCUSD_PERP-aggTrades-2024-08-08.csv", "1,55000.1,1,1,1,1723075200000,true\n"),
            ("ETHUSD_240927-trades-2024-08-08.csv", "1,2500.1,1,0,1723075200000,true\n"),
            ("X-trades-2024-08-08.csv", "1,55000.1,3,0.0054,1723075200000,true\n"),
        ]
    )
    func coinMargined(name: String, text: String) throws {
        let path = folder.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: ReplayError.self) { try TradeFile(path: path, frames: .binance) }
        #expect("\(String(describing: error))".contains("--venue"))
        #expect(
            try TradeFile(
                path: path,
                naming: TradeFileNaming(venue: Venue(rawValue: "binance-coinm")),
                frames: .binance
            ).contents.count
                == 1
        )
    }

    @Test("options take precedence over the format")
    func naming() async throws {
        let naming = TradeFileNaming(venue: Venue(rawValue: "binance-cm"), symbol: "BTCUSD_PERP", stream: "special")
        let file = try file("7,61800.3,0.006,1,2,1723161256322,true\n", name: "BTCUSDT-x.csv", naming: naming)
        #expect(file.streams.streams.map(\.description) == ["binance-cm:BTCUSD_PERP@special"])
    }

    @Test("an export of several instruments needs no options, as CSV and as rows of JSON")
    func exports() async throws {
        let csv = """
            # pairs-exporter export trades
            venue,symbol,stream,trade_id,time_us,price,quantity,taker_side
            okx,BTC,trades-all,1,1723161600001000,1.50,2,buy
            coinbase,BTC,match,9,1723161600002000,2.50,3,unknown
            okx,BTC,trades-all,2,1723161600003000,1.60,2,sell
            """
        let json = """
            {"parameters":{"what":"trades"}}
            {"venue":"okx","symbol":"BTC","stream":"trades-all","trade_id":1,"time_us":1723161600001000,"price":"1.50","quantity":"2","taker_side":"buy"}
            {"venue":"coinbase","symbol":"BTC","stream":"match","trade_id":9,"time_us":1723161600002000,"price":"2.50","quantity":"3","taker_side":"unknown"}
            {"venue":"okx","symbol":"BTC","stream":"trades-all","trade_id":2,"time_us":1723161600003000,"price":"1.60","quantity":"2","taker_side":"sell"}
            """
        for (text, name) in [(csv, "a.csv"), (json, "a.ndjson")] {
            let file = try file(text, name: name, naming: TradeFileNaming())
            #expect(
                try await trades(file) == [
                    "okx:BTC@trades-all 1 1723161600001000 1.50 2 buy",
                    "coinbase:BTC@match 9 1723161600002000 2.50 3 unknown",
                    "okx:BTC@trades-all 2 1723161600003000 1.60 2 sell",
                ]
            )
            #expect(file.contents.map(\.trades) == [2, 1])
            #expect(file.contents[0].ids == 1...2)
            #expect(file.rows == 3)
        }
    }

    @Test("lines that cannot be read are reported with their numbers, and the others are read")
    func faults() async throws {
        let file = try file(
            """
            ts_ms,symbol,trade_id,price,qty
            1000,A,1,5,1
            1000,A,x,5,1
            1000,A,3,5
            1000,A,4,NaN,1

            -5,A,5,5,1
            2000,A,6,5,1
            """
        )
        #expect(
            file.refused.first == [
                .init(line: 3, problem: "trade_id is \"x\"; it must be \(RowFault.idRule)"),
                .init(line: 4, problem: "the line has 4 cells, the header has 5"),
                .init(line: 5, problem: "price is \"NaN\"; it must be \(NumberText.rule)"),
                .init(line: 7, problem: "ts_ms is \"-5\"; it must be \(TimeText.rule)"),
            ]
        )
        #expect(file.refused.counts == ["id": 1, "cells": 1, "price": 1, "time": 1])
        #expect(file.rows == 6)
        #expect(try await trades(file).count == 2)
    }

    @Test("an id that a store cannot hold is a fault, not a trade", arguments: [Int64(1) << 44, .max, -1])
    func impossibleID(id: Int64) async throws {
        let text = "id,price,qty,quote_qty,time,is_buyer_maker\n7,61800.3,0.006,370.8,1723161256322,true\n"
        let path = folder.file("BTCUSDT-trades-2024-08-08.csv")
        try (text + "\(id),1,0.006,370.8,1723161256323,true\n").write(toFile: path, atomically: true, encoding: .utf8)
        let file = try TradeFile(path: path, frames: .binance)
        #expect(file.refused.counts == ["id": 1])
        #expect(file.refused.first.map(\.line) == [3])
        #expect(file.contents.map(\.ids) == [7...7])
        #expect(try await trades(file).count == 1)
    }

    @Test("trades without ids are numbered per instrument, in a stream named by the content")
    func unnumbered() async throws {
        let file = try file("ts_ms,symbol,price,qty\n1,A,1,1\n2,B,1,1\n3,A,1,1\n")
        #expect(!file.isNumbered)
        #expect(file.streams.streams.allSatisfy { $0.name == "file-\(file.checksum)" })
        #expect(file.contents.map(\.ids) == [1...2, 1...1])
    }

    @Test(
        "the error of a file that cannot be used names the cause",
        arguments: [
            ("ts_ms,venue,symbol,price,qty\n1,Binance,A,1,1\n", TradeFileNaming(), "venue is \"Binance\""),
            ("ts_ms,symbol,trade_id,price,qty\n1,A,1,1,1\n", TradeFileNaming(), "--venue"),
            ("1,61800.3,0.006,370.8,1723161256322,true\n", TradeFileNaming(venue: .binanceUSDM), "symbol"),
            ("ts_ms,symbol,trade_id,price,qty\n", TradeFileNaming(venue: .binanceUSDM), "none of its"),
            (
                "ts_ms,symbol,stream,trade_id,price,qty\n1,A,x,1,1,1\n1,A,y,1,1,1\n",
                TradeFileNaming(venue: .binanceUSDM), "several streams"
            ),
        ]
    )
    func unusable(text: String, naming: TradeFileNaming, excerpt: String) throws {
        let error = #expect(throws: ReplayError.self) { try file(text, naming: naming) }
        #expect("\(String(describing: error))".contains(excerpt))
    }

    @Test(
        "the meaning of a column is detected from the file",
        arguments: [
            // Coinbase's messages contain both orders; their side is the maker's.
            (
                #"{"maker_order_id":"a","trade_id":7,"product_id":"A","side":"sell","size":"2","price":"1.5","time":1723161600}"#,
                ["A@trade 7 1.5 2 buy"]
            ),
            ("time,symbol,price,qty,side,ordertype\n1723161600,A,1.5,2,sell,limit\n", ["A@file 1 1.5 2 sell"]),
            // Row numbers of a file are not ids of the market.
            (
                "id,time,symbol,price,qty\n0,1723161600,A,1.5,2\n1,1723161601,B,1.5,2\n",
                ["A@file 1 1.5 2 unknown", "B@file 1 1.5 2 unknown"]
            ),
            (
                "id,time,symbol,price,qty\n1,1723161600,A,1.5,2\n3,1723161601,A,1.5,2\n",
                ["A@trade 1 1.5 2 unknown", "A@trade 3 1.5 2 unknown"]
            ),
            (
                "# time,symbol,qty,price\n1723161600,A,2,1.5\n1723161601,A,2,1.5\n",
                ["A@file 1 1.5 2 unknown", "A@file 2 1.5 2 unknown"]
            ),
            // A row of JSON may omit a key.
            (
                #"{"time":1723161600,"symbol":"A","price":"1.5","qty":"2"}"# + "\n"
                    + #"{"qty":"2","price":"1.5","time":1723161601,"side":"buy","symbol":"A"}"#,
                ["A@file 1 1.5 2 unknown", "A@file 2 1.5 2 buy"]
            ),
        ]
    )
    func meanings(text: String, expected: [String]) async throws {
        let path = folder.file("XBTUSD.csv")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let file = try TradeFile(path: path, naming: TradeFileNaming(venue: .coinbase), frames: .binance)
        var found: [String] = []
        try await file.read(batchSize: { 9 }) { records, _ in
            found += records.map { trade in
                let stream = file.streams[trade.instrument]
                let name = stream.name.prefix { $0 != "-" }
                return
                    "\(stream.instrument.symbol)@\(name) \(trade.id) \(trade.price) \(trade.quantity) \(trade.takerSide)"
            }
        }
        #expect(found == expected)
        #expect(file.refused.count == 0)
    }

    @Test(
        "a table without trades, or with mixed streams, is refused",
        arguments: [
            ("time,symbol,price,amount,side\n1723161600,A,1,1,bid\n", "a.csv", nil, "side is \"bid\""),
            ("date,price,open,high,low,vol\n2024-08-08,1,1,1,1,9\n", "a.csv", "A", "a.csv:1: it has columns of bars"),
            (
                "exchange,symbol,time,price,qty\nokex,A,1723161600,1,1\nokex-swap,A,1723161600,1,1\n", "a.csv", nil,
                "okx:A"
            ),
            ("time,price,qty\n1723161600,1,1\n", "my-trades.csv", nil, "--symbol"),
            ("# time,qty,price\n1723161600,2,1\n", "XBTUSD.csv", nil, "--symbol"),
            ("time,price,qty\n1723161600,1,1\n", "ETHUSDT-trades-2024.csv", "BTCUSDT", "ETHUSDT"),
            (
                #"{"time":1723161600,"symbol":"A","price":1,"Price":2,"qty":1}"#, "a.ndjson", nil,
                "a.ndjson:1: two columns"
            ),
        ] as [(String, String, String?, String)]
    )
    func noTrades(text: String, name: String, symbol: String?, excerpt: String) throws {
        let naming = TradeFileNaming(venue: excerpt == "okx:A" ? nil : .coinbase, symbol: symbol)
        let error = #expect(throws: ReplayError.self) { try file(text, name: name, naming: naming) }
        #expect("\(String(describing: error))".contains(excerpt), "\(String(describing: error))")
    }

    @Test("a key with a meaning that first occurs in a late row is a fault")
    func lateKey() throws {
        let row = #"{"time":1723161600,"symbol":"A","price":1,"qty":1"#
        let text = String(repeating: row + "}\n", count: 30) + row + #","side":"buy"}"# + "\n" + row + #","note":1}"#
        let file = try file(text, name: "a.ndjson")
        #expect(file.contents.map(\.trades) == [31])
        #expect(file.refused.first.map(\.line) == [31])
        #expect(file.refused.first.first?.problem.contains("the key side is on none of the first rows") == true)
    }

    @Test("a file of many symbols is read in a time that grows with its rows")
    func manySymbols() throws {
        let rows = (0..<20_000).map { "1723161600,S\($0),1,1\n" }.joined()
        let start = ContinuousClock.now
        #expect(try file("time,symbol,price,qty\n" + rows).contents.count == 20_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a published checksum is compared, and a difference is an error")
    func checksums() throws {
        let path = folder.file("a.zip")
        try "abc".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try !ChecksumFile.verify(path))
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        try "\(hash)  a.zip\n".write(toFile: path + ".CHECKSUM", atomically: true, encoding: .utf8)
        #expect(try ChecksumFile.verify(path))
        try "abd".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: ReplayError.self) { try ChecksumFile.verify(path) }
    }
}

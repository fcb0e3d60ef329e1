import Foundation
import MarketData
import Testing

@testable import PairsApp

/// A small market in a file: two legs that trade every half second, y = 2·x apart from a sawtooth.
struct ReplayMarket {
    let folder: URL
    let csv: String
    let database: String

    init(seconds: Int) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        csv = folder.appending(path: "trades.csv").path
        database = folder.appending(path: "pairs.sqlite").path
        var text = "ts_ms,symbol,trade_id,price,qty,is_buyer_maker\n"
        for half in 0..<(seconds * 2) {
            let x = 1000 + (half * 37) % 101 + half / 4
            let y = 2 * x + half % 7
            let time = 1_700_000_000_000 + half * 500
            text += "\(time),XUSDT,\(half + 1),\(x).50,1.0,false\n\(time),YUSDT,\(half + 1),\(y).00,2.0,true\n"
        }
        try text.write(toFile: csv, atomically: true, encoding: .utf8)
    }

    func configuration(windows: String = "[20]") throws -> Configuration {
        try Configuration(
            yaml: """
                feeds: [{venue: replay, replay: {path: "\(csv)"}}]
                storage: {path: "\(database)"}
                timeframes: [1s]
                windows: \(windows)
                pairs: [{y: "replay:YUSDT", x: "replay:XUSDT", name: p}]
                """,
            file: "test.yml"
        )
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}

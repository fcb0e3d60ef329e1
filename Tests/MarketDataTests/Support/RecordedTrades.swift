import Foundation
import MarketData
import Testing

/// Trades of Binance USD-M recorded on 8 August 2024, in a folder that stands beside the repository where there is one.
enum RecordedTrades {
    static let file: URL? = {
        var folder = URL(filePath: #filePath)
        while folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
            let file = folder.appending(path: "shared/data/binance-usdm-20240808/trades.csv.gz")
            if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) { return file }
        }
        return nil
    }()

    /// The columns of every row: time in ms, symbol, id, price, quantity.
    struct Row {
        let milliseconds: Int64
        let symbol: Substring
        let id: Int64
        let price: Substring
        let quantity: Substring
    }

    static func rows() throws -> [Row] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", try #require(file).path(percentEncoded: false)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try text.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: ",", omittingEmptySubsequences: false)
            try #require(columns.count == 8)
            return Row(
                milliseconds: try #require(Int64(columns[0])),
                symbol: columns[2],
                id: try #require(Int64(columns[3])),
                price: columns[4],
                quantity: columns[5]
            )
        }
    }
}

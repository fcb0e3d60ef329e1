import Foundation

/// Measures the stages whose names begin with one of the given names, or all. `websocket PORT COUNT` and `sustained
/// PORT SECONDS` receive from a server, `serve COUNT` serves COUNT series, and `scrape PORT CONNECTIONS PAUSE SECONDS
/// plain|gzip` requests them.
@main
enum Stages {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "websocket", arguments.count == 3, let count = Int(arguments[2]) {
            try await SocketStage.run(port: arguments[1], count: count)
            return
        }
        if arguments.first == "sustained", arguments.count == 3, let seconds = Double(arguments[2]) {
            try await SustainedStage.run(port: arguments[1], seconds: seconds)
            return
        }
        if arguments.first == "serve", arguments.count == 2, let count = Int(arguments[1]) {
            try await ScrapeServer.run(count: count)
            return
        }
        if arguments.first == "scrape", arguments.count == 6, let port = Int(arguments[1]),
            let connections = Int(arguments[2]), let pause = Double(arguments[3]), let seconds = Double(arguments[4])
        {
            try await ScrapeLoad.run(
                port: port,
                connections: connections,
                pause: pause,
                seconds: seconds,
                isCompressed: arguments[5] == "gzip"
            )
            return
        }
        func isWanted(_ stage: String) -> Bool {
            arguments.isEmpty || arguments.contains { $0.hasPrefix(stage) }
        }
        if isWanted("decode") { FeedStages.decode() }
        if isWanted("bars") { FeedStages.bars() }
        if isWanted("adf") { try StatisticsStages.dickeyFuller() }
        if isWanted("rolling") { StatisticsStages.rolling() }
        if isWanted("engine") { StatisticsStages.engine() }
        if isWanted("ticks") { StatisticsStages.ticks() }
        if isWanted("render") { try RenderStage.run() }
        try await StoreStage.run { stage in arguments.isEmpty || arguments.contains { $0 == stage || $0 == "store" } }
    }
}

/// Prints what a stage did not do, and ends the program.
func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
}

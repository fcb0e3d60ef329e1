import Foundation
import MarketData
import PairEngine
import SimulatedPairs

/// Writes when alerts and signals of simulated pairs begin and end, one line of JSON per change.
///
/// `AlertLoad load` simulates a quiet market of cointegrated pairs, bar by bar. `AlertLoad detect` simulates the market
/// of the demo with its episodes, trade by trade. `alerts.py` derives alerts and messages from both.
@main
enum AlertLoad {
    static func main() async {
        var words = CommandLine.arguments.dropFirst()
        let command = words.popFirst()
        let options = Options(Array(words))
        switch command {
        case "load": await QuietDay.write(options)
        case "detect": await DemoRun.write(options)
        default: fail("usage: AlertLoad load|detect [--seed N] [--seeds N] [--jobs N] and others, see Options")
        }
    }

    /// Writes the lines of each item in the order of the items, whichever thread computes them.
    static func write(count: Int, jobs: Int, lines: @escaping @Sendable (Int) -> [String]) async {
        await withTaskGroup(of: (Int, [String]).self) { group in
            var (next, written) = (0, 0)
            var finished: [Int: [String]] = [:]
            func start() {
                guard next < count else { return }
                let number = next
                next += 1
                group.addTask { (number, lines(number)) }
            }
            for _ in 0..<jobs { start() }
            for await (number, lines) in group {
                start()
                finished[number] = lines
                while let lines = finished.removeValue(forKey: written) {
                    written += 1
                    FileHandle.standardOutput.write(Data(lines.map { $0 + "\n" }.joined().utf8))
                }
            }
        }
    }
}

/// Prints the error and ends the program.
func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
}

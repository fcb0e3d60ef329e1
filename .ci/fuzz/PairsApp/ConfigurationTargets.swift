import ExporterHTTP
import Foundation
import MarketData
import TradeFiles

/// The targets among the parsers of configuration.
package enum ConfigurationTargets {
    package static func target(_ name: String) -> ((UnsafeRawBufferPointer) -> Void)? {
        switch name {
        case "configuration": checkConfiguration
        case "web-configuration": webConfiguration()
        default: nil
        }
    }

    private static func checkConfiguration(_ input: UnsafeRawBufferPointer) {
        do throws(ConfigurationError) {
            let yaml = String(decoding: input, as: UTF8.self)
            let configuration = try Configuration(yaml: yaml, file: "pairs.yml")
            precondition(!configuration.pairs.isEmpty && !configuration.feeds.isEmpty)
            precondition(Set(configuration.pairs.map(\.name)).count == configuration.pairs.count, "a name twice")
            for pair in configuration.pairs {
                precondition(pair.y != pair.x && !pair.settings.windows.isEmpty && !pair.settings.timeframes.isEmpty)
            }
        } catch {
            precondition("\(error)".contains("pairs.yml"), "an error does not name the file")
        }
    }

    private static func webConfiguration() -> (UnsafeRawBufferPointer) -> Void {
        let file = MemoryFile()
        return { input in
            file.replace(with: Array(input))
            guard let configuration = try? WebConfiguration(file: file.path) else { return }
            for (_, value) in configuration.headers {
                precondition(value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a header of two lines")
            }
        }
    }
}

import ArgumentParser
import Logging
public import PairsApp

/// The level and the format of the log on stderr.
struct LogOptions: ParsableArguments {
    /// The levels of the Prometheus family.
    enum Level: String, CaseIterable, ExpressibleByArgument {
        case debug
        case info
        case warn
        case error
    }

    @Option(
        name: .customLong("log.level"),
        help: ArgumentHelp("Only log messages of this level or above.", valueName: "level")
    )
    var level = Level.info

    @Option(name: .customLong("log.format"), help: ArgumentHelp("Format of log lines.", valueName: "format"))
    var format = LogFormat.logfmt

    func logger() -> Logger {
        let level: Logger.Level =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warn: .warning
            case .error: .error
            }
        let format = format
        LogWriter.standardError.use(format)
        return Logger(label: BuildInformation.name) { _ in StructuredLogHandler(level: level, format: format) }
    }
}

extension LogFormat: ExpressibleByArgument {}

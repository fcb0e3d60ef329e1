import Foundation
public import Logging

/// Writes log lines to stderr in the manner of the Prometheus family: time, level, source, message, then metadata.
public struct StructuredLogHandler: LogHandler {
    /// The least level that is written.
    public var logLevel: Logger.Level
    /// What every line carries.
    public var metadata: Logger.Metadata = [:]

    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// A handler for one logger.
    /// - Parameters:
    ///   - level: the least level that is written.
    ///   - format: how lines look.
    ///   - write: takes a whole line with its newline and does not wait; nil writes to stderr.
    public init(
        level: Logger.Level,
        format: LogFormat,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        logLevel = level
        self.format = format
        self.write = write ?? { LogWriter.standardError.write($0) }
    }

    /// One value of the metadata that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var fields: [(key: String, value: String)] = [
            ("level", event.level == .warning ? "warn" : event.level.rawValue),
            ("source", event.source),
            ("msg", "\(event.message)"),
        ]
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
        fields += metadata.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        if let error = event.error { fields.append(("error", "\(error)")) }
        write(Self.line(fields, format))
    }

    /// A line of now with these fields, with its newline.
    static func line(_ fields: [(key: String, value: String)], _ format: LogFormat) -> String {
        let fields = [("time", Date.now.formatted(timeStyle))] + fields
        switch format {
        case .logfmt:
            return fields.map { "\($0.0)=\(logfmt($0.1))" }.joined(separator: " ") + "\n"
        case .json:
            return JSONValue.object(fields.map { ($0.0, .string($0.1)) }).line + "\n"
        }
    }

    /// Date and time in UTC, as `2026-11-30T13:35:47.123Z`.
    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The value, quoted where a reader of logfmt would otherwise split it.
    private static func logfmt(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" }
        return isPlain ? value : JSONValue.string(value).text
    }
}

import Foundation
package import Logging

/// Writes log lines to stderr in the manner of the Prometheus family: time, level, source, message, then metadata.
package struct StructuredLogHandler: LogHandler {
    /// The least level that is written.
    package var logLevel: Logger.Level
    /// The metadata of every line.
    package var metadata: Logger.Metadata = [:]

    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// A handler for one logger.
    /// - Parameters:
    ///   - level: the least level that is written.
    ///   - format: the format of the lines.
    ///   - write: receives a complete line with its newline and does not wait; nil writes to stderr.
    package init(
        level: Logger.Level,
        format: LogFormat,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        logLevel = level
        self.format = format
        self.write = write ?? { LogWriter.standardError.write($0) }
    }

    /// One value of the metadata of every line.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    package func log(event: LogEvent) {
        var fields: [(key: String, value: JSONValue)] = [
            ("level", .string(event.level == .warning ? "warn" : event.level.rawValue)),
            ("source", .string(event.source)),
            ("msg", .string("\(event.message)")),
        ]
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
        fields += metadata.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) }
        if let error = event.error { fields.append(("error", .string("\(error)"))) }
        write(Self.line(fields, format))
    }

    /// A line with the present time and these fields, with its newline.
    static func line(_ fields: [(key: String, value: JSONValue)], _ format: LogFormat) -> String {
        let fields = [(key: "time", value: JSONValue.string(Date.now.formatted(timeStyle)))] + fields
        switch format {
        case .logfmt:
            return fields.map { "\($0.key)=\(logfmt($0.value))" }.joined(separator: " ") + "\n"
        case .json:
            return JSONValue.object(fields).line + "\n"
        }
    }

    /// A number stays a number, so that a reader of JSON can compute with it.
    private static func value(_ metadata: Logger.MetadataValue) -> JSONValue {
        guard case .stringConvertible(let value) = metadata else { return .string("\(metadata)") }
        return switch value {
        case let number as any BinaryInteger: Int(exactly: number).map { .integer($0) } ?? .string("\(number)")
        case let number as Double where number.isFinite: .number(number)
        case let flag as Bool: .boolean(flag)
        default: .string("\(value)")
        }
    }

    /// Date and time in UTC, as `2026-11-30T13:35:47.123Z`.
    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The value, quoted where a reader of logfmt would otherwise split it.
    private static func logfmt(_ field: JSONValue) -> String {
        guard case .string(let value) = field else { return field.text }
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" }
        return isPlain ? value : JSONValue.string(value).text
    }
}

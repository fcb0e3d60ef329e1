import Foundation
import PairsApp
import PrometheusExposition
import TradeFiles

/// Collects the text of families on disk, because OpenMetrics requires all samples of a family in one place, and pairs
/// are processed one after another.
final class FamilySpool {
    private static let flushSize = 1 << 20

    private let folder = UnnamedFile.folder
    private var texts: [String: TimedFamilyText] = [:]
    private var files: [String: FileHandle] = [:]
    private var order: [String] = []

    /// Adds the lines that `body` writes to a family.
    /// - Throws: `OutputError` when the temporary folder has no room.
    func write(_ family: MetricFamily, _ body: (inout TimedFamilyText) -> Void) throws {
        if texts[family.name] == nil { order.append(family.name) }
        var text = texts.removeValue(forKey: family.name) ?? TimedFamilyText(family)
        body(&text)
        if text.lines.count >= Self.flushSize { try append(text.removeLines(), to: family.name) }
        texts[family.name] = text
    }

    /// Delivers the complete document in pieces, families in the order in which they were first written.
    func finish(_ sink: (Data) throws -> Void) throws {
        for name in order {
            guard var text = texts[name] else { continue }
            let file = files.removeValue(forKey: name)
            guard file != nil || !text.lines.isEmpty else { continue }
            try sink(Data(text.header))
            if let file {
                try file.seek(toOffset: 0)
                while let data = try file.read(upToCount: Self.flushSize), !data.isEmpty { try sink(data) }
                try file.close()
            }
            try sink(Data(text.removeLines()))
        }
        try sink(Data(TimedFamilyText.end))
    }

    private func append(_ lines: [UInt8], to name: String) throws(OutputError) {
        let file = try file(name)
        let outcome = DescriptorWriter(file.fileDescriptor).write(lines)
        if !outcome.isComplete { throw failure(outcome.errorNumber) }
    }

    private func file(_ name: String) throws(OutputError) -> FileHandle {
        if let file = files[name] { return file }
        let descriptor = UnnamedFile.open(in: folder)
        guard descriptor >= 0 else { throw failure(errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        files[name] = file
        return file
    }

    private func failure(_ errorNumber: Int32) -> OutputError {
        let reason = String(cString: strerror(errorNumber))
        return OutputError("a temporary file in \(folder)", "\(reason); set TMPDIR to a folder with more room")
    }
}

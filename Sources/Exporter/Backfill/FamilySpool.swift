import Foundation
import PrometheusExposition

/// Collects the text of families on disk, since OpenMetrics wants all samples of a family in one place, and pairs are
/// worked through one after another.
final class FamilySpool {
    private static let flushSize = 1 << 20

    private let folder: URL
    private var texts: [String: TimedFamilyText] = [:]
    private var files: [String: FileHandle] = [:]
    private var order: [String] = []

    /// - Throws: when no temporary folder can be made.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pairs-exporter-backfill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Lets `body` add lines to a family.
    func write(_ family: MetricFamily, _ body: (inout TimedFamilyText) -> Void) throws {
        if texts[family.name] == nil { order.append(family.name) }
        var text = texts.removeValue(forKey: family.name) ?? TimedFamilyText(family)
        body(&text)
        if text.lines.count >= Self.flushSize { try file(family.name).write(contentsOf: Data(text.take())) }
        texts[family.name] = text
    }

    /// Hands over the whole document in pieces, families in the order in which they were first written.
    func finish(_ sink: (Data) throws -> Void) throws {
        for name in order {
            guard var text = texts[name] else { continue }
            let file = files[name]
            guard file != nil || !text.lines.isEmpty else { continue }
            try sink(Data(text.header))
            if let file {
                try file.seek(toOffset: 0)
                while let data = try file.read(upToCount: Self.flushSize), !data.isEmpty { try sink(data) }
                try file.close()
            }
            try sink(Data(text.take()))
        }
        try sink(Data(TimedFamilyText.end))
    }

    private func file(_ name: String) throws -> FileHandle {
        if let file = files[name] { return file }
        let url = folder.appending(path: name)
        try Data().write(to: url)
        let file = try FileHandle(forUpdating: url)
        files[name] = file
        return file
    }
}

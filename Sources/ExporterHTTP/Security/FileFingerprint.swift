import Foundation

/// Distinguishes one version of a file from the next without reading it.
struct FileFingerprint: Equatable {
    private let file: UInt64?
    private let size: UInt64?
    private let modified: Date?

    /// The current fingerprint of a file, of the target where the path is a symbolic link. A file that does not exist
    /// has one too.
    init(_ path: String) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        file = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
        size = (attributes?[.size] as? NSNumber)?.uint64Value
        modified = attributes?[.modificationDate] as? Date
    }
}

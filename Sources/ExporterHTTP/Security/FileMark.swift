import Foundation

/// What tells one version of a file from the next without reading it.
struct FileMark: Equatable {
    private let file: UInt64?
    private let size: UInt64?
    private let modified: Date?

    /// The mark of a file as it is now, of what a symbolic link leads to; one that is not there has a mark too.
    init(_ path: String) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        file = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
        size = (attributes?[.size] as? NSNumber)?.uint64Value
        modified = attributes?[.modificationDate] as? Date
    }
}

/// The targets among the parsers of files.
package enum TradeFilesTargets {
    package static func target(_ name: String) -> ((UnsafeRawBufferPointer) -> Void)? {
        switch name {
        case "rows": RowTarget.run
        case "texts": TextTarget.run
        case "packed": PackedTarget().run
        case "files": FileTarget().run
        default: nil
        }
    }
}

import Foundation

/// Files compressed by gzip, as small as they can be.
enum Gzip {
    /// The lines `first line` and `second`, with file name and time left out.
    static let twoLines = bytes("H4sIAAAAAAAC/0vLLCouUcjJzEvlKk5Nzs9L4QIAm0MdRhIAAAA=")

    private static func bytes(_ base64: String) -> [UInt8] {
        Array(Data(base64Encoded: base64) ?? Data())
    }
}

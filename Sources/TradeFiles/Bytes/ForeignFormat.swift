/// Formats other than lines of text, detected by the start of their content.
enum ForeignFormat {
    private static let signatures: [(bytes: [UInt8], problem: String)] = [
        ([0x28, 0xB5, 0x2F, 0xFD], "it is compressed with zstd; unpack it, as in `zstd -d`"),
        (Array("BZh".utf8), "it is compressed with bzip2; unpack it, as in `bzip2 -d`"),
        ([0x04, 0x22, 0x4D, 0x18], "it is compressed with lz4; unpack it, as in `lz4 -d`"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "it is a 7z archive; unpack it"),
        (Array("Rar!".utf8), "it is a RAR archive; unpack it"),
        (GzipInput.signature, "it is compressed twice; unpack it once"),
        (ZipInput.signatures[0], "it is compressed twice; unpack it once"),
        (XZInput.signature, "it is compressed twice; unpack it once"),
        (Array("PAR1".utf8), "it is a Parquet file; save it as CSV"),
        (Array("ARROW1".utf8), "it is an Arrow file; save it as CSV"),
        (Array("Obj\u{1}".utf8), "it is an Avro file; save it as CSV"),
        ([0x89, 0x48, 0x44, 0x46], "it is an HDF5 file; save it as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "it is an Excel workbook; save its sheet as CSV"),
        (Array("SQLite format 3".utf8), "it is a SQLite database; write the rows of interest to a CSV"),
        (Array("version https://git-lfs".utf8), "it is a pointer of Git LFS, not the file; run `git lfs pull`"),
    ]

    /// Control characters of text: tab, line feed, form feed, carriage return.
    private static let lineControls: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D]

    /// The problem of a file whose unpacked content begins with these bytes; nil where they may be text in UTF-8.
    static func problem(with start: ArraySlice<UInt8>) -> String? {
        if let known = signatures.first(where: { start.starts(with: $0.bytes) }) { return known.problem }
        if start.dropFirst(257).starts(with: "ustar".utf8) { return "it is a tar archive; unpack it" }
        let text = String(decoding: start.drop { $0 <= UInt8(ascii: " ") }.prefix(16), as: UTF8.self).lowercased()
        if ["<!doctype", "<html", "<?xml", "<error"].contains(where: text.hasPrefix) {
            return "it is a web page or XML, such as the error page of a server; fetch the file again"
        }
        if text.hasPrefix("[") {
            return "it is one JSON array; write an object on each line, as in `jq -c '.[]'`"
        }
        // A single control character is a fault of its row only.
        let sample = start.prefix(512)
        let controls = sample.count { $0 < UInt8(ascii: " ") && !lineControls.contains($0) }
        if controls > sample.count / 32 { return "it contains bytes that are not text; a text file of rows is needed" }
        return nil
    }
}

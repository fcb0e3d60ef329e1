import CZlib
import Foundation

/// The formats of packed files, with a packer for each.
enum Packing: String, CaseIterable {
    case plain, gzip, gzipMembers, gzipPadded, zipStored, zipDeflated, zipDescriptor, zip64, zipCompanions, xz

    /// The formats that need no program of the system.
    static let builtIn = allCases.filter { $0 != .xz }

    /// Whether the system has the `xz` program.
    static let hasXZ = (try? run("xz", ["--version"], [])) != nil

    func pack(_ bytes: [UInt8]) throws -> [UInt8] {
        let half = bytes.count / 2
        return switch self {
        case .plain: bytes
        case .gzip: Self.gzip(bytes)
        case .gzipMembers: Self.gzip(Array(bytes[..<half])) + Self.gzip([]) + Self.gzip(Array(bytes[half...]))
        case .gzipPadded: Self.gzip(bytes) + [UInt8](repeating: 0, count: 100_000)
        case .zipStored: ZipArchive([ZipArchive.File("a.csv", bytes, isDeflated: false)]).bytes
        case .zipDeflated: ZipArchive([ZipArchive.File("a.csv", bytes)]).bytes
        case .zipDescriptor: ZipArchive([ZipArchive.File("a.csv", bytes)], hasDescriptors: true).bytes
        case .zip64: ZipArchive([ZipArchive.File("a.csv", bytes)], isLarge: true).bytes
        case .zipCompanions:
            ZipArchive(
                [
                    ZipArchive.File("data/", [], isDeflated: false), ZipArchive.File("data/.DS_Store", [1, 2]),
                    ZipArchive.File("data/a.csv", bytes), ZipArchive.File("__MACOSX/data/._a.csv", [3]),
                ],
                comment: "made for a test"
            ).bytes
        case .xz: try Self.run("xz", ["-c", "-0"], bytes)
        }
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        deflated(bytes, windowBits: 31)
    }

    /// Compresses with zlib: -15 window bits mean raw DEFLATE data, 31 mean gzip.
    static func deflated(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<count])
    }

    private static func run(_ program: String, _ arguments: [String], _ input: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return Array(data)
    }
}

import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An xz file, unpacked by the `xz` program of the system.
final class XZInput: ByteInput {
    static let signature: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]

    private let process = Process()
    private let output = Pipe()
    private let messages = Pipe()
    /// The stored file; its position is the offset that xz has read to.
    private let input: Int32

    var inputCount: Int { max(0, Int(clamping: lseek(input, 0, SEEK_CUR))) }

    /// - Parameters:
    ///   - file: the file.
    ///   - searchPath: the folders to search for `xz`, in the form of `PATH`.
    init(
        _ file: StoredFile,
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) throws(UnreadableFile) {
        guard let program = Self.program(in: searchPath) else {
            throw UnreadableFile(
                "it is compressed with xz, and this system has no xz program; install xz-utils, or unpack the file"
            )
        }
        input = try file.reopened()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-dc"]
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        process.standardInput = FileHandle(fileDescriptor: input, closeOnDealloc: false)
        process.standardOutput = output
        process.standardError = messages
        do {
            try process.run()
        } catch {
            throw UnreadableFile("\(program) cannot be run: \(error.localizedDescription); unpack the file")
        }
    }

    deinit {
        if process.isRunning { process.terminate() }
        close(input)
    }

    func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(UnreadableFile) -> Int {
        while true {
            let count = systemRead(output.fileHandleForReading.fileDescriptor, buffer)
            if count > 0 { return count }
            if count < 0, errno == EINTR { continue }
            guard count == 0 else { throw UnreadableFile(errorNumber: errno) }
            try end()
            return 0
        }
    }

    /// Checks the exit status of xz.
    private func end() throws(UnreadableFile) {
        let text = ((try? messages.fileHandleForReading.readToEnd()) ?? nil) ?? Data()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let lines: [Substring] = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
            // xz begins a line with its own path and `(stdin): `.
            let message = lines.map { line in line.split(separator: "(stdin): ").last ?? line }.joined(separator: "; ")
            throw UnreadableFile(
                "xz cannot unpack it: \(message.isEmpty ? "it ended with status \(process.terminationStatus)" : message)"
            )
        }
    }

    /// The path of `xz`; nil where it is not installed.
    private static func program(in searchPath: String) -> String? {
        searchPath.split(separator: ":").map { $0 + "/xz" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// `read` under another name, because a method of the same name hides it.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}

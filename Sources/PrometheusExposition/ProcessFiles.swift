#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Linux data about the running process, from `/proc` (proc(5)) where no system call has it; `nil` for what cannot be
/// read.
///
/// `self/stat` has most of it in one line, but sums fields over all threads that are not needed here: five times the
/// cost.
struct ProcessFiles: Sendable {
    /// From `self/statm`.
    struct Memory {
        let virtualBytes: Double
        let residentBytes: Double
    }

    /// Bytes of IP traffic from `self/net/netstat`.
    struct Network {
        let received: Double?
        let transmitted: Double?
    }

    /// When the process was started, in Unix time.
    let startTime: Double?

    private let root: String
    private let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))

    init(root: String) {
        self.root = root
        startTime = Self.startTime(root)
    }

    func memory() -> Memory? {
        guard let text = Self.read(root + "/self/statm") else { return nil }
        let pages = Self.parts(text[...], at: " ").prefix(2).compactMap(Self.number)
        guard pages.count == 2 else { return nil }
        return Memory(virtualBytes: pages[0] * pageSize, residentBytes: pages[1] * pageSize)
    }

    func threads() -> Double? {
        // Each thread is a directory, which its parent counts as a link beside its own two.
        var status = stat()
        guard stat(root + "/self/task", &status) == 0, status.st_nlink > 2 else { return nil }
        return Double(status.st_nlink - 2)
    }

    func network() -> Network? {
        // A line of names and a line of values, both starting with `IpExt:`.
        guard let text = Self.read(root + "/self/net/netstat") else { return nil }
        let lines = Self.parts(text[...], at: "\n").filter { $0.starts(with: "IpExt:".utf8) }
        guard lines.count == 2 else { return nil }
        let (names, values) = (Self.parts(lines[0], at: " "), Self.parts(lines[1], at: " "))
        func value(_ name: String) -> Double? {
            guard let position = names.firstIndex(where: { $0.elementsEqual(name.utf8) }),
                values.indices.contains(position)
            else { return nil }
            return Self.number(values[position])
        }
        return Network(received: value("InOctets"), transmitted: value("OutOctets"))
    }

    func openDescriptors() -> Double? {
        // Linux has counted them since 6.2; before, the directory has no size.
        var status = stat()
        if stat(root + "/self/fd", &status) == 0, status.st_size > 0 { return Double(status.st_size) }
        guard let directory = opendir(root + "/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            // `.` and `..` are no descriptors.
            if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
        }
        // One of them is that of the directory being read.
        return Double(max(count - 1, 0))
    }

    /// The 22nd field of `self/stat`, in ticks from the system's start, which `stat` contains.
    private static func startTime(_ root: String) -> Double? {
        guard let system = read(root + "/stat"), let process = read(root + "/self/stat"),
            // The second field is the program's name in parentheses and may contain anything.
            let nameEnd = process.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let label = "btime ".utf8
        let boot = parts(system[...], at: "\n").first { $0.starts(with: label) }.map { $0.dropFirst(label.count) }
        let fields = parts(process[(nameEnd + 1)...], at: " ").dropFirst(22 - 3)
        guard let bootTime = boot.flatMap(number), let ticks = fields.first.flatMap(number) else { return nil }
        return bootTime + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The result of `split`, which makes a call for each byte.
    private static func parts(_ text: ArraySlice<UInt8>, at separator: Unicode.Scalar) -> [ArraySlice<UInt8>] {
        let separator = UInt8(ascii: separator)
        var parts: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        for end in text.indices where text[end] == separator {
            if start < end { parts.append(text[start..<end]) }
            start = end + 1
        }
        if start < text.endIndex { parts.append(text[start...]) }
        return parts
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: text, as: UTF8.self))
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let chunk = 16 * 1024
        // The read that reaches the end needs room too.
        bytes.reserveCapacity(2 * chunk)
        while true {
            var count = 0
            bytes.append(addingCapacity: chunk) { output in
                output.withUnsafeMutableBufferPointer { buffer, initialized in
                    #if canImport(Glibc)
                        count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                    #elseif canImport(Musl)
                        count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
                    #elseif canImport(Darwin)
                        count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                    #endif
                    initialized = max(count, 0)
                }
            }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
        }
    }
}

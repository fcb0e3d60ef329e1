#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What Linux says about the running process in `/proc` (proc(5)); `nil` for what cannot be read.
struct ProcessFiles: Sendable {
    /// From `self/stat`.
    struct Status {
        let cpuSeconds: Double
        let threads: Double
        let virtualBytes: Double
        let residentBytes: Double
        /// Unix time.
        let startTime: Double?
    }

    /// Soft limits from `self/limits`; `nil` where there is none.
    struct Limits {
        let openFiles: Double?
        let addressSpace: Double?
    }

    /// Bytes of IP traffic from `self/net/netstat`.
    struct Network {
        let received: Double?
        let transmitted: Double?
    }

    private let root: String
    private let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    private let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
    /// The Unix time of the system's start, which does not change.
    private let bootTime: Double?

    init(root: String) {
        self.root = root
        bootTime = Self.read(root + "/stat").flatMap { text in
            Self.parts(text[...], at: "\n").first { $0.starts(with: "btime ".utf8) }
                .flatMap { Self.number($0.dropFirst("btime ".utf8.count)) }
        }
    }

    func status() -> Status? {
        // The second field is the program's name in parentheses and may contain anything.
        guard let text = Self.read(root + "/self/stat"), let nameEnd = text.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        let fields = Self.parts(text[(nameEnd + 1)...], at: " ")
        func field(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? Self.number(fields[number - 3]) : nil
        }
        guard let userTicks = field(14), let systemTicks = field(15), let threads = field(20),
            let startTicks = field(22), let virtualBytes = field(23), let residentPages = field(24)
        else { return nil }
        return Status(
            cpuSeconds: (userTicks + systemTicks) / ticksPerSecond,
            threads: threads,
            virtualBytes: virtualBytes,
            residentBytes: residentPages * pageSize,
            startTime: bootTime.map { $0 + startTicks / ticksPerSecond }
        )
    }

    func limits() -> Limits? {
        guard let text = Self.read(root + "/self/limits") else { return nil }
        let lines = Self.parts(text[...], at: "\n")
        func soft(_ name: String) -> Double? {
            lines.first { $0.starts(with: name.utf8) }
                .flatMap { Self.parts($0.dropFirst(name.utf8.count), at: " ").first }
                .flatMap(Self.number)
        }
        return Limits(openFiles: soft("Max open files"), addressSpace: soft("Max address space"))
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
        // Linux counts them since 6.2; before, the directory has no size.
        var status = stat()
        if stat(root + "/self/fd", &status) == 0, status.st_size > 0 { return Double(status.st_size) }
        guard let directory = opendir(root + "/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while let entry = readdir(directory) {
            // `.` and `..` are no descriptors.
            if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
        }
        // One of them is the directory that is being read.
        return Double(max(count - 1, 0))
    }

    private static func parts(_ text: ArraySlice<UInt8>, at separator: Unicode.Scalar) -> [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: separator))
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
        // The read that finds the end needs room too.
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

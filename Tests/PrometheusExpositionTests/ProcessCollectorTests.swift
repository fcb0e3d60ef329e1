import Foundation
import Testing

@testable import PrometheusExposition

@Suite struct ProcessCollectorTests {
    private func values(_ collector: ProcessCollector) throws -> [String: Double] {
        let registry = try MetricsRegistry(families: ProcessCollector.families, collectors: [collector])
        let samples = String(decoding: try registry.render(.text), as: UTF8.self)
            .split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: samples.map { (String($0[0]), Double($0[1]) ?? .nan) })
    }

    /// A directory with these files, for the time of the closure.
    private func withFiles<Result>(_ files: [String: String], _ body: (ProcessFiles) throws -> Result) throws -> Result
    {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        return try body(ProcessFiles(root: root.path))
    }

    #if os(Linux)
        @Test("the running process has all values of Linux, and they are plausible")
        func runningProcess() throws {
            let values = try self.values(ProcessCollector())
            #expect(try #require(values["process_open_fds"]) >= 3)
            #expect(try #require(values["process_max_fds"]) >= #require(values["process_open_fds"]))
            #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
            #expect(
                try #require(values["process_virtual_memory_bytes"])
                    >= #require(values["process_resident_memory_bytes"])
            )
            let age = Date().timeIntervalSince1970 - (try #require(values["process_start_time_seconds"]))
            #expect((-2...86_400).contains(age))
        }

        @Test("threads are counted as the system lists them")
        func threads() throws {
            // Other tests start and end threads meanwhile.
            let deadline = ContinuousClock.now + .seconds(60)
            var counted: Double?, listed: Double?
            repeat {
                counted = ProcessFiles(root: "/proc").threads()
                listed = Double(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count)
            } while counted != listed && ContinuousClock.now < deadline
            #expect(counted != nil && counted == listed)
        }

        @Test("CPU time is what the process has used, and grows")
        func cpuTime() throws {
            let before = try #require(ProcessUsage.cpuSeconds())
            let start = clock()
            while Double(clock() - start) < 0.05 * Double(CLOCKS_PER_SEC) {}
            let after = try #require(ProcessUsage.cpuSeconds())
            #expect(after >= before + 0.049)
            #expect(abs(after - Double(clock()) / Double(CLOCKS_PER_SEC)) < 10)
        }

        @Test("limits are those that the system reports")
        func limits() throws {
            let lines = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8).split(separator: "\n")
            let limits = [
                ("Max open files", ProcessUsage.openFilesLimit()),
                ("Max address space", ProcessUsage.addressSpaceLimit()),
            ]
            for (name, limit) in limits {
                let line = try #require(lines.first { $0.hasPrefix(name) })
                let soft = line.dropFirst(name.count).split(separator: " ").first.map(String.init)
                #expect(limit == soft.flatMap(Double.init), "\(name)")
            }
        }

        @Test("an opened file is counted")
        func openDescriptors() throws {
            let files = ProcessFiles(root: "/proc")
            let before = try #require(files.openDescriptors())
            let handles = try (0..<50).map { _ in
                try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/stat"))
            }
            #expect(try #require(files.openDescriptors()) > before + 25)
            for handle in handles { try handle.close() }
        }
    #endif

    @Test("fields are found for any name of the program")
    func fields() throws {
        let text =
            "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 7 0 1000 2000000 300 18446744073709551615"
        try withFiles([
            "stat": "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n",
            "self/stat": text,
            "self/statm": "500 300 200 1 0 90 0\n",
            "self/net/netstat": """
            TcpExt: SyncookiesSent SyncookiesRecv
            TcpExt: 1 2
            IpExt: InNoRoutes InOctets OutOctets
            IpExt: 0 12345 678
            """,
        ]) { files in
            let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
            #expect(files.startTime == 1_700_000_000 + 1000 / Double(sysconf(Int32(_SC_CLK_TCK))))
            #expect(files.memory()?.virtualBytes == 500 * pageSize)
            #expect(files.memory()?.residentBytes == 300 * pageSize)
            #expect(files.network()?.received == 12345)
            #expect(files.network()?.transmitted == 678)
        }
    }

    @Test("values that cannot be read are absent")
    func unreadable() throws {
        let values = try withFiles([
            "stat": "", "self/stat": "42 (torn) S 1 2", "self/statm": "7", "self/task": "",
            "self/net/netstat": "IpExt: InOctets",
        ]) { try self.values(ProcessCollector(files: $0)) }
        let ofTheSystem = ["process_cpu_seconds_total", "process_max_fds", "process_virtual_memory_max_bytes"]
        #expect(values.keys.filter { !ofTheSystem.contains($0) } == [])
    }
}

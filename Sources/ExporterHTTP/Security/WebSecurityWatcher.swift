package import Logging
import NIOCore
import Synchronization

/// Reads a web configuration file at the start, and again when it or a file that it names changes.
///
/// Files are read on a separate thread. Requests and handshakes use the latest value and read no file. A file that
/// cannot be used leaves the previous value in force; each change to such a file is logged once.
package actor WebSecurityWatcher {
    /// The time between two checks of the files.
    private static let interval = Duration.milliseconds(250)

    private struct Published {
        var security: WebSecurity
        var isUpToDate = true
    }

    private let file: String
    private let read: @Sendable (String) throws -> WebConfiguration
    private let logger: Logger
    private let published: Mutex<Published>
    /// The fingerprints of the files when they were last read, by path.
    private var filesAtRead: [String: FileFingerprint]
    /// The fingerprints of the files at the last check.
    private var filesAtCheck: [String: FileFingerprint] = [:]

    /// The thread that reads files.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        ServingThreads.files.executor.asUnownedSerialExecutor()
    }

    /// Reads a file.
    /// - Parameters:
    ///   - file: the web configuration file.
    ///   - logger: receives a line for each change that is loaded or refused.
    ///   - read: turns the file into a configuration.
    /// - Throws: what `read` throws, or ``WebConfigurationError``.
    package init(file: String, logger: Logger, read: @escaping @Sendable (String) throws -> WebConfiguration) throws {
        self.file = file
        self.read = read
        self.logger = logger
        var files = Self.fingerprints(of: [file])
        published = Mutex(Published(security: try Self.load(file, &files, read)))
        filesAtRead = files
    }

    /// The configuration in force.
    nonisolated var current: WebSecurity { published.withLock { $0.security } }

    /// Whether the configuration in force is that of the files at their last reading.
    package nonisolated var isUpToDate: Bool { published.withLock { $0.isUpToDate } }

    /// Checks the files until the task is cancelled.
    func run() async throws {
        while true {
            try await Task.sleep(for: Self.interval)
            check()
        }
    }

    /// Reads the files if they have changed since they were read, but not since the last check: a file may be
    /// incomplete, or a new certificate may lack its key.
    func check() {
        let files = Self.fingerprints(of: filesAtRead.keys)
        let isSettled = files == filesAtCheck
        filesAtCheck = files
        if isSettled, files != filesAtRead { reload() }
    }

    /// Reads the files at once, whether they have changed or not.
    package func reload() {
        do {
            let security = try Self.load(file, &filesAtRead, read)
            published.withLock { $0 = Published(security: security) }
            logger.info("web configuration loaded", metadata: ["file": "\(file)"])
        } catch {
            published.withLock { $0.isUpToDate = false }
            logger.error(
                "web configuration refused, the previous one stays in force",
                metadata: ["file": "\(file)", "reason": "\(error)"]
            )
        }
    }

    /// - Parameter files: the fingerprints of the last reading; receives those of this one, also where it fails.
    private static func load(
        _ file: String,
        _ files: inout [String: FileFingerprint],
        _ read: (String) throws -> WebConfiguration
    ) throws -> WebSecurity {
        // Fingerprints come before contents, so that a file that changes between the two differs at the next check.
        files = fingerprints(of: files.keys)
        let configuration = try read(file)
        let others = fingerprints(of: configuration.tls?.files ?? [])
        files = others.merging(files.filter { $0.key == file }) { _, earlier in earlier }
        return try WebSecurity(configuration)
    }

    private static func fingerprints(of files: some Sequence<String>) -> [String: FileFingerprint] {
        Dictionary(zip(files, files.map(FileFingerprint.init))) { first, _ in first }
    }
}

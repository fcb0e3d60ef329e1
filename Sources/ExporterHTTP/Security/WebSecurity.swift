import Foundation
public import Logging
import NIOSSL
import Synchronization

/// The web configuration in force: read at the start, and again whenever one of its files has changed.
///
/// A file that has become unusable leaves in force what was, and is told once.
public final class WebSecurity: Sendable {
    /// A configuration with what was made of it.
    struct Current: Sendable {
        let configuration: WebConfiguration
        let context: NIOSSLContext?
    }

    private struct State {
        var current: Current
        var files: [String]
        var marks: [FileMark]
        var isUpToDate = true
    }

    private let file: String?
    private let read: @Sendable (String) throws -> WebConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    /// No encryption, no users.
    public static let open = WebSecurity()

    private init() {
        file = nil
        read = { _ in WebConfiguration() }
        logger = Logger(label: "open")
        state = Mutex(State(current: Current(configuration: WebConfiguration(), context: nil), files: [], marks: []))
    }

    /// Reads a file.
    /// - Parameters:
    ///   - file: the web configuration file.
    ///   - logger: hears when a changed file is taken or refused.
    ///   - read: turns the file into a configuration.
    /// - Throws: what `read` throws, or ``WebConfigurationError``.
    public init(file: String, logger: Logger, read: @escaping @Sendable (String) throws -> WebConfiguration) throws {
        self.file = file
        self.read = read
        self.logger = logger
        // Marks come before contents, so that what changes between the two is seen as a change.
        let mark = FileMark(file)
        let configuration = try read(file)
        let files = [file] + (configuration.tls?.files ?? [])
        let marks = [mark] + files.dropFirst().map(FileMark.init)
        let current = Current(configuration: configuration, context: try configuration.tls?.makeContext())
        state = Mutex(State(current: current, files: files, marks: marks))
    }

    /// Whether the files as they are now are those in force.
    public var isUpToDate: Bool { state.withLock { $0.isUpToDate } }

    /// What is in force; looks at the files first.
    var current: Current {
        guard let file else { return state.withLock { $0.current } }
        return state.withLock { state in
            let marks = state.files.map(FileMark.init)
            guard marks != state.marks else { return state.current }
            state.marks = marks
            do {
                let configuration = try read(file)
                state.files = [file] + (configuration.tls?.files ?? [])
                state.marks = [marks[0]] + state.files.dropFirst().map(FileMark.init)
                state.current = Current(configuration: configuration, context: try configuration.tls?.makeContext())
                state.isUpToDate = true
                logger.info("Web configuration taken", metadata: ["file": "\(file)"])
            } catch {
                state.isUpToDate = false
                logger.error(
                    "Web configuration refused, the one before stays in force",
                    metadata: ["file": "\(file)", "reason": "\(error)"]
                )
            }
            return state.current
        }
    }
}

import ExporterHTTP
import Foundation
import Synchronization

/// The outcome of the last attempt to load the configuration.
final class ReloadStatus: Sendable {
    private let state: Mutex<(isSuccessful: Bool, time: Double)>
    private let security: WebSecurityWatcher?

    /// The status after the start, whose configuration counts as loaded.
    init(security: WebSecurityWatcher?) {
        self.security = security
        state = Mutex((true, Date.now.timeIntervalSince1970))
    }

    /// Whether the configuration, and the web configuration, are those of their files at the last read.
    var isSuccessful: Bool { state.withLock { $0.isSuccessful } && security?.isUpToDate ?? true }

    /// When the configuration in force was loaded, in seconds since the epoch.
    var lastSuccess: Double { state.withLock { $0.time } }

    func succeeded() {
        state.withLock { $0 = (true, Date.now.timeIntervalSince1970) }
    }

    func failed() {
        state.withLock { $0.isSuccessful = false }
    }
}

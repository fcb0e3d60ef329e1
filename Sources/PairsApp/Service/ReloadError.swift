/// Why a valid configuration is not used while the program runs.
enum ReloadError: Error, CustomStringConvertible {
    /// A change of this key needs a restart.
    case restartNeeded(key: String)
    /// The program is ending, or was not started with anything to reload.
    case notRunning
    /// Trades of the feeds are not on disk, so that no other session can begin with them.
    case storeFailing(reason: String)
    /// The next session could not start; the one before runs again.
    case failed(reason: String)

    var description: String {
        switch self {
        case .restartNeeded(let key): "\(key) has changed: restart needed; the configuration before stays in force"
        case .notRunning: "the program is starting or ending; try again"
        case .storeFailing(let reason):
            "the database cannot be written, which new instruments or timeframes need (\(reason)); the configuration "
                + "before stays in force; try again once it can be"
        case .failed(let reason): "\(reason); the configuration before is in force again"
        }
    }
}
